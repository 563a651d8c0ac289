"""A doctor speaks with everybody under observation every third day at least, or on the chosen day, never twice."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.refused import Refused
from medet.contacts.calls.models import CallOrder
from medet.contacts.models import Contact
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.doctor_contact import ask_doctors, doctor_not_reached
from medet.flows.end_case import end_case
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.flows.windows import close_windows
from medet.flows.write_contact import write_contact
from medet.monitoring.models import DueContact
from medet.monitoring.queries import due_progress
from medet.monitoring.states import DueKind
from medet.records.actions import Findings
from medet.records.models import Conclusion
from medet.records.states import CaseState, Severity
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, Weight
from tests import make

NOON = make.NOON
DAY = timedelta(days=1)


def morning(day):
    """The worker's clocks in the early morning of a later day."""
    now = NOON + day * DAY - timedelta(hours=4)
    plan_day(day=local_day(now), by=WORKER, now=now)
    ask_doctors(by=WORKER, now=now)


def concluded(town, enrolment, now, *, next_in=None, then=Next.GO_ON, **more):
    on = local_day(now) + timedelta(days=next_in) if next_in is not None else None
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays", next_contact_on=on)
    decision = Decision(findings=findings, then=then, **more)
    return conclude(case=enrolment.case, decision=decision, by=town.actor("serik", now=now), now=now)


def by_robot(town, enrolment, now):
    """The operator writes down the contact of the day, so that only the doctor's is left."""
    write_contact(case=enrolment.case, given={"state": "same"}, by=town.actor("aigerim", now=now), now=now)


def days(enrolment):
    """Where each doctor's contact stands, and on which day of the observation."""
    return [(due.state, (due.on - enrolment.started_on).days) for due in doctors()]


def doctors(**which):
    return list(DueContact.objects.filter(kind=DueKind.DOCTOR, **which).order_by("on", "pk"))


def test_ten_days_have_a_doctor_every_third_day_and_none_twice(town):
    enrolment = make.observed(town)
    for day in range(10):
        if day:
            morning(day)
        now = NOON + day * DAY
        by_robot(town, enrolment, now)
        if Task.objects.filter(kind=TaskKind.DOCTOR_CONTACT, state="open").exists():
            concluded(town, enrolment, now)
        assert list(orphans(now=now)) == []
    assert [(due.on - enrolment.started_on).days for due in doctors()] == [3, 6, 9]
    assert {due.state for due in doctors()} == {"done"}
    assert due_progress(enrolment) == (10, 10)
    assert not CallOrder.objects.filter(due_contact__kind="doctor").exists()


def test_planning_a_day_twice_changes_nothing(town):
    make.observed(town)
    morning(3)
    before = list(DueContact.objects.order_by("pk").values())
    assert plan_day(day=local_day(NOON + 3 * DAY), by=WORKER, now=NOON + 3 * DAY) == 0
    assert ask_doctors(by=WORKER, now=NOON + 3 * DAY) is False
    assert list(DueContact.objects.order_by("pk").values()) == before


def test_the_day_the_doctor_chose(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=2)
    [due] = doctors()
    assert (due.state, (due.on - enrolment.started_on).days) == ("planned", 2)
    assert not Task.objects.filter(kind=TaskKind.DOCTOR_CONTACT).exists()
    morning(2)
    task = Task.objects.get(about_uid=due.uid)
    assert (task.role, task.reason, task.due_at, task.weight) == ("doctor", "doctor_planned", due.window_end, 3)


def test_who_is_at_risk_stands_higher(town):
    enrolment = make.observed(town)
    type(enrolment.case).objects.filter(pk=enrolment.case_id).update(severity=Severity.MODERATE)
    morning(3)
    task = Task.objects.get(kind=TaskKind.DOCTOR_CONTACT)
    assert (task.weight, task.reason) == (Weight.AMBER, "doctor_gap")


def test_the_newest_word_calls_off_the_former_day(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=3)
    concluded(town, enrolment, NOON + DAY, next_in=1)
    assert days(enrolment) == [("planned", 2), ("cancelled", 3)]
    concluded(town, enrolment, NOON + DAY)
    assert {due.state for due in doctors()} == {"cancelled"}


def test_a_far_day_does_not_stretch_the_limit(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=6)
    for day in range(1, 5):
        morning(day)
    assert days(enrolment) == [("doctors", 3), ("planned", 6)]


def test_once_more_on_the_same_day(town):
    """The doctor wants to hear the patient again this evening."""
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=0)
    by_robot(town, enrolment, NOON)
    [due] = doctors()
    assert (due.state, list(orphans(now=NOON))) == ("doctors", [])
    concluded(town, enrolment, NOON + timedelta(hours=9), next_in=0)
    assert [due.state for due in doctors()] == ["done", "doctors"]
    # The hours of the day are over, and there still is time to ring.
    assert Task.objects.get(about_uid=doctors(state="doctors")[0].uid).due_at == NOON + timedelta(hours=10)


def test_a_newer_version_is_no_new_conversation(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON)
    morning(3)
    concluded(town, enrolment, NOON + 3 * DAY, amends=Conclusion.objects.get(), next_in=0)
    assert [due.state for due in doctors()] == ["doctors"]


def test_a_conversation_the_doctor_writes_down_settles_it_and_counts(town):
    enrolment = make.observed(town)
    morning(3)
    now = NOON + 3 * DAY
    by_robot(town, enrolment, now)
    assert [due.state for due in doctors()] == ["doctors"], "an operator is no doctor"
    write_contact(case=enrolment.case, given={"state": "same"}, by=town.actor("serik", now=now), now=now)
    assert [due.state for due in doctors()] == ["done"]
    assert not Task.objects.filter(kind=TaskKind.DOCTOR_CONTACT, state="open").exists()
    for day in (4, 5):
        morning(day)
    assert len(doctors()) == 1
    morning(6)
    assert [due.state for due in doctors()] == ["done", "doctors"]


def test_the_end_of_the_case_calls_it_off(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=2)
    morning(3)
    concluded(town, enrolment, NOON + 3 * DAY, next_in=1)
    end_case(case=enrolment.case, to=CaseState.MOVED, by=town.actor("aigerim"), now=NOON + 3 * DAY)
    assert {due.state for due in doctors()} == {"done", "cancelled"}
    assert not Task.objects.filter(state="open").exists()
    assert list(orphans(now=NOON + 4 * DAY)) == []


def test_a_late_one_climbs_and_is_never_handed_to_the_operators(town):
    enrolment = make.observed(town)
    morning(3)
    by_robot(town, enrolment, NOON + 3 * DAY)
    night = NOON + 3 * DAY + timedelta(hours=9)
    close_windows(by=WORKER, now=night)
    assert [due.state for due in doctors()] == ["doctors"]
    assert climb_overdue(by=WORKER, now=night) is True
    assert Task.objects.get(kind=TaskKind.DOCTOR_CONTACT, state="open").rung == 1


def test_nobody_answered_the_doctor(town):
    enrolment = make.observed(town)
    with pytest.raises(Refused):
        doctor_not_reached(case=enrolment.case, by=town.actor("serik"), now=NOON)
    morning(3)
    now = NOON + 3 * DAY
    doctor_not_reached(case=enrolment.case, by=town.actor("serik", now=now), now=now)
    task = Task.objects.get(kind=TaskKind.DOCTOR_CONTACT)
    assert (task.state, task.due_at, Contact.objects.get().outcome) == ("open", now + timedelta(hours=1), "not_reached")


def test_every_step_is_in_the_journal(town):
    enrolment = make.observed(town)
    concluded(town, enrolment, NOON, next_in=2)
    morning(2)
    concluded(town, enrolment, NOON + 2 * DAY, next_in=2)
    concluded(town, enrolment, NOON + 3 * DAY)
    rows = JournalEntry.objects.filter(kind="doctor_contact.moved").order_by("pk")
    assert list(rows.values_list("code", flat=True)) == ["planned", "doctors", "done", "planned", "cancelled"]
