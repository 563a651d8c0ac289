"""A silent telephone process is a supervisor's task while people wait for its calls."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.pulse import beat
from medet.flows.robot_watch import watch_robot
from medet.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOON + timedelta(minutes=2)


def owed():
    return list(Task.objects.filter(state="open", kind="trunk").values_list("role", "reason"))


def test_calls_that_are_due_and_no_robot(town):
    make.observed(town)
    watch_robot(by=WORKER, now=LATER)
    watch_robot(by=WORKER, now=LATER)
    assert owed() == [("supervisor", "robot_silent")]
    beat(name="phone", now=LATER)
    watch_robot(by=WORKER, now=LATER)
    assert owed() == []


def test_nobody_waits_so_nobody_is_told(town):
    watch_robot(by=WORKER, now=LATER)
    assert owed() == []


def test_at_night_nobody_is_told(town):
    make.observed(town)
    watch_robot(by=WORKER, now=make.NOON + timedelta(hours=12))
    assert owed() == []
