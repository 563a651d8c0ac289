"""The forty lists as a regression test; how the reader did at first sight stands in docs/figures/lists.md."""

import pytest

from tests.records.list_score import expected, faults


@pytest.mark.parametrize("name", sorted(expected()))
def test_a_list_is_read_as_a_careful_registrar_reads_it(name):
    assert faults(name, expected()[name]) == []
