"""The worker is killed in the middle of two lists: nothing twice, nothing lost.

They share people, the second in reverse order, and are taken at the same time."""

import pytest
from django.db.models import Count

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.flows.give_list import give_list
from medet.flows.loops import orphans
from medet.flows.take_list import start_list
from medet.monitoring.models import DueContact, Enrolment
from medet.people.models import Person
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import ListState, RowState
from medet.records.models import Case
from tests import make
from tests.live.running import wait_until
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes

FIRST, SECOND = range(1, 2_501), range(4_000, 2_200, -1)
PEOPLE, ROWS = 4_000, len(FIRST) + len(SECOND)  # more than each taker's first transaction of two thousand


def taken():
    with scope(WORKER):
        return IntakeRow.objects.filter(state=RowState.TAKEN).count()


def killed_in_the_middle(medet):
    """Started, and killed as soon as it has written something."""
    medet.manage("worker", "work")
    wait_until(taken, seconds=60, what=lambda: f"rows\n{medet.log('worker')}")
    medet.kill("worker")
    assert 0 < taken() < ROWS


@pytest.mark.timeout(300)
def test_a_list_outlives_its_worker(medet):
    with scope(WORKER):
        town = make.city(now=now())
    aigerim = town.actor("aigerim", now=now())
    with scope(aigerim):
        for numbers in (FIRST, SECOND):
            rows = [good(number, taken=f"{now():%d.%m.%Y}") for number in numbers]
            given = give_list(data=csv_bytes([RU, *rows]), organisation=town.centre, by=aigerim, now=now())
            start_list(given=given, programme_code="covid-home", by=aigerim, now=now())
    killed_in_the_middle(medet)
    medet.manage("worker", "work")
    wait_until(lambda: taken() == ROWS, seconds=90, what=lambda: f"{taken()} rows\n{medet.log('worker')}")
    with scope(WORKER):
        wait_until(
            lambda: not IntakeList.objects.exclude(state=ListState.TAKEN).exists(),
            seconds=30,
            what=lambda: medet.log("worker"),
        )
        assert Person.objects.count() == Case.objects.count() == Enrolment.objects.count() == PEOPLE
        assert not DueContact.objects.values("enrolment", "on").annotate(n=Count("pk")).filter(n__gt=1).exists()
        assert list(orphans(now=now())) == []
    assert "Серікбаева" not in medet.log("worker")
