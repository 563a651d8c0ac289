"""The planned days are over: a doctor is asked, and either goes on or ends it."""

from datetime import timedelta

import pytest
from django.utils import translation

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.refused import Refused
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.loops import orphans
from medet.flows.observation_over import ask_for_the_end
from medet.flows.plan_day import plan_day
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.states import GoesOn
from medet.records.actions import Findings
from medet.records.states import Severity, WithoutPcr
from medet.tasks.models import Task
from medet.web.card.events import Event, Telling, told_of
from tests import make

AFTER = make.NOON + timedelta(days=14)


def concluded(town, enrolment, then, goes_on=GoesOn.SYMPTOMS):
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays")
    doctor = town.actor("serik", now=AFTER)
    decision = Decision(findings=findings, then=then, goes_on=goes_on, without_pcr=WithoutPcr.SYMPTOMS)
    conclude(case=enrolment.case, decision=decision, by=doctor, now=AFTER)


def over(town):
    enrolment = make.observed(town)
    DueContact.objects.update(state="done", closed_at=make.NOON)
    return enrolment


def test_an_observation_that_is_over_is_named_until_a_doctor_is_asked(town):
    over(town)
    assert [orphan.why for orphan in orphans(now=AFTER)] == ["its days are over and nobody decides"]
    assert ask_for_the_end(by=WORKER, now=AFTER) is True
    assert ask_for_the_end(by=WORKER, now=AFTER) is False
    assert Task.objects.get(about_type="enrolment").role == "doctor"
    assert list(orphans(now=AFTER)) == []


def test_going_on_gives_more_days(town):
    enrolment = over(town)
    ask_for_the_end(by=WORKER, now=AFTER)
    concluded(town, enrolment, Next.GO_ON)
    assert Enrolment.objects.get().planned_end_on == local_day(AFTER) + timedelta(days=3)
    assert not Task.objects.filter(state="open").exists()
    assert plan_day(day=local_day(AFTER), by=WORKER, now=AFTER) == 1


def test_why_it_goes_on_must_be_said_and_stands_in_the_journal(town):
    enrolment = over(town)
    ask_for_the_end(by=WORKER, now=AFTER)
    with pytest.raises(Refused):
        concluded(town, enrolment, Next.GO_ON, goes_on=None)
    concluded(town, enrolment, Next.GO_ON)
    entry = JournalEntry.objects.get(kind="enrolment.extended")
    assert (entry.code, entry.values["why"]) == (str(local_day(AFTER) + timedelta(days=3)), "symptoms")
    with translation.override("en"):
        told = told_of(Event([entry]), Telling())
    assert (told.text, told.detail) == ("Observation goes on until 10\u00a0December", "The symptoms have not gone")


def test_ending_ends_it(town):
    enrolment = over(town)
    ask_for_the_end(by=WORKER, now=AFTER)
    concluded(town, enrolment, Next.END)
    assert list(orphans(now=AFTER)) == []
    assert not Task.objects.filter(state="open").exists()
