"""Ambulance and hospital: until somebody knows where the person is, somebody owes the question."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.admission import not_taken, still_there
from medet.flows.conclude import Decision, conclude
from medet.flows.end_case import end_case
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.observe import observe
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.states import VisitState
from medet.monitoring.models import DueContact
from medet.records.actions import Findings
from medet.records.models import Reading
from medet.records.queries import treatments_of
from medet.records.states import CaseState, Severity
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import claimed
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOON = make.NOON


def concluded(town, outcome, *, case, now=NOON, **more):
    findings = Findings(severity=Severity.SEVERE, icd10="U07.1", outcome=outcome, **more)
    return conclude(case=case, decision=Decision(findings=findings), by=town.actor("serik"), now=now)


def owed():
    """Open tasks about a hospital: role, reason, weight."""
    rows = Task.objects.filter(state="open", kind="admission")
    return list(rows.values_list("role", "reason", "weight"))


def lost(now):
    return [(orphan.kind, orphan.why) for orphan in orphans(now=now)]


@pytest.mark.parametrize("outcome", ["ambulance", "hospitalise"])
def test_hospital_said_is_made_sure_of(town, outcome):
    case = make.observed(town).case
    concluded(town, outcome, case=case)
    assert owed() == [("operator", "confirm_admission", 1)]
    end_case(case=case, to=CaseState.ADMITTED, by=town.actor("aigerim"), now=NOON)
    assert owed() == [("operator", "in_hospital", 3)]
    assert lost(NOON) == []


def test_who_was_not_taken_is_the_doctors_at_once(town):
    case = make.observed(town).case
    concluded(town, "ambulance", case=case)
    aigerim, task = town.actor("aigerim"), Task.objects.get(kind="admission")
    not_taken(task=task, by=aigerim, now=NOON)
    assert owed() == [("doctor", "not_taken", 1)]
    assert Task.objects.get(state="open", kind="admission").due_at == NOON + timedelta(minutes=15)
    with refused("task.closed"):
        not_taken(task=Task.objects.get(state="open", kind="admission"), by=aigerim, now=NOON)
    concluded(town, "stays", case=case, now=NOON + timedelta(minutes=5))
    assert owed() == []
    assert lost(NOON + timedelta(minutes=5)) == []


def test_a_hospital_said_and_forgotten_is_named(town):
    case = make.observed(town).case
    conclusion = concluded(town, "hospitalise", case=case)
    Task.objects.filter(about_uid=conclusion.uid).delete()
    assert lost(NOON) == [("conclusion", "nobody makes sure of the hospital")]


def test_who_lies_in_hospital_is_asked_about_every_day(town):
    case, aigerim = make.observed(town).case, town.actor("aigerim")
    end_case(case=case, to=CaseState.ADMITTED, by=aigerim, now=NOON)
    for day in (1, 2, 3):
        now = NOON + timedelta(days=day, hours=1)
        assert climb_overdue(by=WORKER, now=now)
        still_there(case=case, by=aigerim, now=now)
        task = Task.objects.get(about_uid=case.uid, state="open")
        assert (task.due_at, task.rung) == (now + timedelta(hours=24), 0)
    case.refresh_from_db()
    observe(case=case, programme_code="covid-home", by=aigerim, now=NOON + timedelta(days=4))
    assert owed() == []
    assert lost(NOON + timedelta(days=4)) == []


def visited(town, result, *, icd10="J12.8"):
    """The clinic was asked, went, and wrote down what it found."""
    case = make.observed(town).case
    wish = VisitWish(reason="worsening", urgency="today")
    visit = request_visit(case=case, wish=wish, by=town.actor("aigerim"), now=NOON)
    dana = town.actor("dana")
    for state in (VisitState.RECEIVED, VisitState.ASSIGNED):
        advance_visit(visit=visit, to=state, by=dana, now=NOON)
    findings = VisitFindings(result=result, icd10=icd10, pcr_taken=True)
    with scope(dana):
        return finish_visit(visit=visit, findings=findings, by=dana, now=NOON)


def test_a_visit_goes_into_the_record_and_stands_for_the_days_call(town):
    visit = visited(town, "stays_home")
    visit.case.refresh_from_db()
    assert visit.case.icd10 == "J12.8"
    assert Reading.objects.get(code="pcr_taken").choice == "yes"
    assert DueContact.objects.get().state == "done"
    assert claimed() == []


@pytest.mark.parametrize("result", ["admitted", "ambulance"])
def test_a_visit_that_sent_to_hospital_is_made_sure_of_when_it_was_read(town, result):
    visit = visited(town, result)
    assert claimed() == []
    advance_visit(visit=visit, to=VisitState.CLOSED, by=town.actor("aigerim"), now=NOON)
    assert owed() == [("operator", "confirm_admission", 1)]
    assert lost(NOON) == []


def test_what_an_amended_conclusion_prescribed_is_not_prescribed_any_more(town):
    case = make.observed(town).case
    long = "Парацетамол 500 мг " * 40
    first = concluded(town, "stays", case=case, treatment=long)
    assert [row.text for row in treatments_of(case)] == [long]
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays", treatment="Питьё")
    conclude(case=case, decision=Decision(findings=findings, amends=first), by=town.actor("serik"), now=NOON)
    assert [row.text for row in treatments_of(case)] == ["Питьё"]
