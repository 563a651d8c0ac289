"""The daily round without a telephone: plan, claim, answers, alert, conclusion, home visit, result."""

from datetime import time, timedelta

from medet.base.actor import ROBOT
from medet.base.scope import scope
from medet.contacts.calls.actions import CallEnd, mark_answered, permit
from medet.contacts.calls.claim import Manners, claim
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.end_call import end_call
from medet.flows.request_visit import VisitWish
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitResult, VisitState
from medet.monitoring.models import Alert, DueContact
from medet.monitoring.queries import alerts_of, programme
from medet.monitoring.states import DueState
from medet.records.actions import Findings
from medet.records.models import Reading
from medet.records.states import Severity, Source
from medet.tasks.models import Task
from medet.tasks.states import TaskState, Weight
from tests import make

NOON = make.NOON
MANNERS = Manners(daily_cap=3, gap=timedelta(minutes=60), quiet_start=time(9), quiet_end=time(20), zone="Asia/Almaty")
LEASE = timedelta(seconds=45)


def claimed(now=NOON, limit=10):
    return claim(limit=limit, worker="test", manners=MANNERS, lease=LEASE, now=now)


def answered_call(attempt_id, given, *, enrolment, now=NOON, outcome=ContactOutcome.COMPLETE):
    assert permit(attempt_id=attempt_id, lease=LEASE, caller_id="", trunk="main", now=now)
    contact = mark_answered(attempt_id=attempt_id, lease=LEASE, by=ROBOT, now=now)
    told = Told(
        enrolment=enrolment,
        programme=programme("covid-home"),
        source=Source.ROBOT,
        contact_uid=contact.uid,
        due_contact=contact.due_contact,
    )
    answers = None
    for key, value in given.items():
        answers = answers_arrived(told=told, given={key: value}, by=ROBOT, now=now)
    end_call(
        attempt_id=attempt_id,
        end=CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome=outcome),
        by=ROBOT,
        now=now,
    )
    return answers


def test_danger_key_becomes_a_visit_and_its_result(town):
    """The whole loop: from the key to the clinic's result."""
    enrolment = make.observed(town)
    [attempt] = claimed()
    assert attempt.birth_year == 1959
    answers = answered_call(
        attempt.attempt_id, {"state": "worse", "breath": "rest"}, enrolment=enrolment, outcome=ContactOutcome.DANGER
    )
    assert answers.band == "" or Alert.objects.get(rule="breath_at_rest").band == "red"
    task = Task.objects.get(about_uid=Alert.objects.get(rule="breath_at_rest").uid)
    assert (task.weight, task.role, task.state) == (Weight.RED, "doctor", TaskState.OPEN)
    assert DueContact.objects.get().state == DueState.DONE
    assert set(Reading.objects.values_list("code", "choice")) == {("state", "worse"), ("breath", "rest")}

    doctor = town.actor("serik")
    conclude(
        case=enrolment.case,
        decision=Decision(
            findings=Findings(severity=Severity.MODERATE, icd10="U07.1", outcome="home_visit"),
            then=Next.VISIT,
            visit=VisitWish(reason="worsening", urgency="two_hours"),
            seen=frozenset(alert.uid for alert in alerts_of(enrolment.case)),
        ),
        by=doctor,
        now=NOON,
    )
    assert not Alert.objects.filter(state="open").exists()
    visit = HomeVisit.objects.get()
    assert (visit.clinic, visit.clinic_choice, visit.clinic_why["rule"]) == (town.clinic, "address", "district")
    assert visit.complaints == {"state": "worse", "breath": "rest"}
    dana = town.actor("dana")
    with scope(dana):
        for to, changes in (
            (VisitState.RECEIVED, {}),
            (VisitState.ASSIGNED, {"assigned_to": "Сейітова Г."}),
            (VisitState.UNDER_WAY, {}),
        ):
            advance_visit(visit=visit, to=to, by=dana, now=NOON, **changes)
        finish_visit(
            visit=visit,
            findings=VisitFindings(result=VisitResult.STAYS_HOME, icd10="U07.1", pcr_taken=True),
            by=dana,
            now=NOON,
        )
    task = Task.objects.get(about_uid=visit.uid, state=TaskState.OPEN)
    assert (task.role, task.organisation) == ("operator", town.centre)


def test_no_second_call_within_the_gap_nor_over_the_cap(town):
    """The claim itself refuses."""
    make.observed(town)
    [first] = claimed()
    assert claimed() == []
    assert permit(attempt_id=first.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOON)
    busy = CallEnd(outcome=AttemptOutcome.BUSY, sip_code=486)
    end_call(attempt_id=first.attempt_id, end=busy, by=ROBOT, now=NOON)
    assert claimed(NOON + timedelta(minutes=59)) == []
    assert len(claimed(NOON + timedelta(minutes=61))) == 1


def test_quiet_hours(town):
    """Nobody is rung before nine or after eight in the evening."""
    make.observed(town)
    assert claimed(NOON + timedelta(hours=8)) == []
