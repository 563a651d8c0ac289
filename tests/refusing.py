"""Expects a refusal by its code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from medet.base.refused import Refused


@contextmanager
def refused(code: str) -> "Iterator[pytest.ExceptionInfo[Refused]]":
    """The block is refused with this code, in one sentence."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code
    assert caught.value.sentence()
