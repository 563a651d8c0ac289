"""The day's plan by the schedules of the files: no false orphan, no bad file in another's way, no number burnt."""

from datetime import timedelta

import pytest
from django.db import connection

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.contacts.models import CallOrder
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.monitoring.actions import load_programme
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.planning import unplanned
from medet.monitoring.schema import read_programme
from tests import make
from tests.monitoring.variants import unchecked, variant

TODAY = local_day(make.NOON)


def planned(days):
    now = make.NOON + timedelta(days=days)
    return plan_day(day=local_day(now), by=WORKER, now=now)


def test_a_day_of_rest_is_no_orphan(town, tmp_path):
    file = read_programme(variant(tmp_path, lambda content: content["schedule"].update(every_days=2)))
    load_programme(file=file, by=WORKER, now=make.NOON)
    make.observed(town)
    DueContact.objects.update(state="done")
    CallOrder.objects.update(state="done")
    assert planned(1) == 0
    assert list(orphans(now=make.NOON + timedelta(days=1))) == []
    assert [orphan.why for orphan in orphans(now=make.NOON + timedelta(days=2))] == ["nothing is planned for today"]
    assert planned(2) == 1
    assert list(orphans(now=make.NOON + timedelta(days=2))) == []


BAD = [
    lambda content: content["schedule"]["window"].update(end="29:00"),
    lambda content: content["schedule"]["window"].update(end="08:00"),
]


@pytest.mark.parametrize("change", BAD, ids=["no time", "ends before it starts"])
def test_a_bad_file_stops_nobodys_day(town, change):
    """The people of the bad programme go on by its last good version, those of another by theirs."""
    own, other = make.observed(town), make.observed(town)
    unchecked(lambda content: None, code="other-home")
    Enrolment.objects.filter(pk=other.pk).update(programme_code="other-home")
    unchecked(change)
    assert planned(1) == 2
    due = DueContact.objects.get(enrolment=own, on=TODAY + timedelta(days=1))
    assert due.window_end - due.window_start == timedelta(hours=11)


def test_a_day_that_nobody_has_counted_yet_is_not_compared_row_by_row(town):
    """The tables are as a new day finds them: by their statistics the day has no contact."""
    make.observed(town)
    plans = []

    def explained(execute, sql, params, many, context):
        if "monitoring_duecontact d where" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"explain {sql}", params)
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        plan_day(day=TODAY, by=WORKER, now=make.NOON)
        assert unplanned(TODAY) == []
    assert len(plans) == 2
    assert not any("Nested Loop" in plan for plan in plans), plans
    with connection.cursor() as cursor:
        cursor.execute("show enable_nestloop")
        assert cursor.fetchone() == ("on",)


def test_who_has_no_good_version_is_named(town):
    enrolment = make.observed(town)
    unchecked(BAD[0], code="bad-home")
    Enrolment.objects.filter(pk=enrolment.pk).update(programme_code="bad-home")
    assert planned(1) == 0
    assert unplanned(TODAY + timedelta(days=1)) == [enrolment.uid]


def test_planning_again_burns_no_number(town):
    make.observed(town)
    before = last_number()
    assert [planned(0) for _ in range(3)] == [0, 0, 0]
    assert last_number() == before
    assert planned(1) == 1


def last_number():
    with connection.cursor() as cursor:
        cursor.execute("select last_value from monitoring_duecontact_id_seq")
        return cursor.fetchone()[0]
