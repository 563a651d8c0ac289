"""Pages by key: ties, both directions, and keys that say nothing."""

from datetime import timedelta

import pytest

from medet.base.keyset import behind, key_of
from medet.tasks.models import Task
from tests import make
from tests.tasks.test_tasks import opened


def walked(rows, *, backwards=False):
    """All rows two at a time."""
    found, key = [], ""
    while page := list(behind(rows, "due_at", key, backwards=backwards)[:2]):
        found, key = found + page, key_of(page[-1], "due_at")
    return found


def test_each_row_once_in_both_directions(town):
    for minutes in (5, 5, 5, 3, 8):
        opened(town, minutes=minutes)
    Task.objects.filter(due_at=make.NOON + timedelta(minutes=3)).update(
        due_at=make.NOON + timedelta(minutes=3, microseconds=7)
    )
    forwards, backwards = Task.objects.order_by("due_at", "pk"), Task.objects.order_by("-due_at", "-pk")
    assert walked(forwards) == list(forwards)
    assert walked(backwards, backwards=True) == list(backwards)


@pytest.mark.parametrize("key", ["x", "~", "2026-11-23T07:00:00~x", "2026-11-23T07:00:00~" + "0" * 32])
def test_nonsense_is_the_beginning(town, key):
    opened(town)
    assert behind(Task.objects.all(), "due_at", key).count() == 1
