"""A conversation held by the staff settles everything that was due until today, also what was left from yesterday."""

from datetime import timedelta

import pytest
from django.utils import translation

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.contacts.calls.models import CallOrder
from medet.flows.hand_contact import hand_contact
from medet.flows.plan_day import plan_day
from medet.flows.write_contact import write_contact
from medet.monitoring.models import DueContact
from medet.monitoring.queries import programme
from medet.tasks.models import Task
from medet.tasks.states import TaskState
from tests import make

EVENING = make.NOON + timedelta(hours=7, minutes=30)
MORNING = make.NOON + timedelta(hours=20)  # 08:00 of the next day


def handed_in_the_evening(town):
    enrolment = make.observed(town)
    hand_contact(due=DueContact.objects.get(), reason="not_reached", by=WORKER, now=EVENING)
    return enrolment


def written(town, enrolment, *, now):
    return write_contact(case=enrolment.case, given={"state": "same"}, by=town.actor("aigerim", now=now), now=now)


def test_yesterdays_contact_is_settled_before_today_is_planned(town):
    enrolment = handed_in_the_evening(town)
    answers = written(town, enrolment, now=MORNING)
    due = DueContact.objects.get()
    assert (due.state, answers.due_contact) == ("done", due)
    assert not Task.objects.filter(state=TaskState.OPEN).exists()


def test_yesterdays_and_todays_are_settled_together(town):
    enrolment = handed_in_the_evening(town)
    plan_day(day=local_day(MORNING), by=WORKER, now=MORNING)
    answers = written(town, enrolment, now=MORNING)
    assert [due.state for due in DueContact.objects.order_by("on")] == ["done", "done"]
    assert answers.due_contact.on == local_day(MORNING)
    assert not Task.objects.filter(state=TaskState.OPEN).exists()
    assert not CallOrder.objects.filter(state="waiting").exists()


def test_what_is_planned_for_tomorrow_stays(town):
    enrolment = make.observed(town)
    plan_day(day=local_day(MORNING), by=WORKER, now=make.NOON)
    written(town, enrolment, now=make.NOON)
    assert [due.state for due in DueContact.objects.order_by("on")] == ["done", "planned"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_refused_reading_is_named_in_the_readers_language(town, language):
    enrolment = make.observed(town)
    measure = programme(enrolment.programme_code).file.measure("spo2")
    with translation.override(language), pytest.raises(Refused) as refused:
        write_contact(case=enrolment.case, given={"spo2": "930"}, by=town.actor("aigerim"), now=make.NOON)
    assert measure is not None
    assert refused.value.values["name"] == measure.label.in_language(language)
