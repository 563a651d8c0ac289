"""What the robot cannot do any more, or people tried in vain, never lies with nobody."""

from datetime import timedelta

import pytest

from medet.base.actor import ROBOT, WORKER
from medet.contacts.campaigns.actions import move_campaign
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import CampaignState
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.hand_contact import hand_contact
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.new_phone import phone_learned
from medet.flows.not_reached import not_reached
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.shown_alerts import override_alerts
from medet.flows.stopped_calls import hand_stopped
from medet.flows.visit_instead import visit_instead
from medet.flows.visit_moves import advance_visit
from medet.handovers.states import VisitState
from medet.monitoring.models import Alert, DueContact
from medet.monitoring.queries import alerts_of, programme
from medet.people.actions import add_phone, mark_phone
from medet.people.states import PhoneState
from medet.records.actions import Findings
from medet.records.states import Severity, Source, WithoutPcr
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import answered_call, claimed
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOON = make.NOON
CALM = {"state": "same", "breath": "none", "fever": "none", "at_home": "yes", "medicines": "taking"}


def stop(town, now=NOON):
    move_campaign(campaign_id=Campaign.objects.get().pk, to=CampaignState.STOPPED, by=town.actor("saule"), now=now)


def lost(now):
    return [(orphan.kind, orphan.why) for orphan in orphans(now=now)]


def reasons():
    return list(Task.objects.filter(state="open").order_by("pk").values_list("reason", flat=True))


def test_a_stopped_robot_hands_its_people_over(town):
    make.observed(town)
    stop(town)
    make.observed(town)  # later the same day
    assert lost(NOON) == []
    assert {kind for kind, _why in lost(NOON + timedelta(minutes=2))} == {"due_contact"}
    assert hand_stopped(by=WORKER, now=NOON)
    assert not hand_stopped(by=WORKER, now=NOON)
    assert reasons() == ["robot_stopped", "robot_stopped"]
    assert lost(NOON + timedelta(minutes=2)) == []


def turned_out_bad(town, phone):
    phone_learned(phone=phone, state=PhoneState.BAD, reason="x", by=town.actor("aigerim"), now=NOON)


def test_the_last_number_that_could_be_rung_is_gone(town):
    enrolment = make.observed(town)
    phone_learned(
        phone=enrolment.person.phones.get(), state=PhoneState.BAD, reason="x", by=town.actor("aigerim"), now=NOON
    )
    assert reasons() == ["no_phone"]


def test_a_number_is_left_and_the_robot_goes_on(town):
    enrolment = make.observed(town)
    add_phone(person=enrolment.person, number="+77770001122", by=WORKER, now=NOON)
    phone_learned(
        phone=enrolment.person.phones.first(), state=PhoneState.BAD, reason="x", by=town.actor("aigerim"), now=NOON
    )
    assert reasons() == []
    assert [call.number for call in claimed()] == ["+77770001122"]


def test_every_third_vain_try_climbs(town):
    enrolment = make.observed(town)
    hand_contact(due=DueContact.objects.get(), reason="not_reached", by=WORKER, now=NOON)
    now, rungs = NOON, []
    for _ in range(3):
        not_reached(case=enrolment.case, by=town.actor("aigerim"), now=now)
        climb_overdue(by=WORKER, now=now)
        rungs.append(Task.objects.get(kind="call_by_hand").rung)
        now += timedelta(minutes=59)
    assert rungs == [0, 0, 1]


def test_a_visit_in_place_of_a_call_that_came_to_nothing_leaves_the_call_owed(town):
    enrolment = make.observed(town)
    hand_contact(due=DueContact.objects.get(), reason="not_reached", by=WORKER, now=NOON)
    wish = VisitWish(reason="not_reached", urgency="today")
    visit = visit_instead(case=enrolment.case, wish=wish, by=town.actor("aigerim"), now=NOON)
    assert reasons() == ["visit_instead", "visit_sent"]
    dana = town.actor("dana")
    advance_visit(visit=visit, to=VisitState.REFUSED, by=dana, now=NOON, refusal="no car")
    advance_visit(visit=visit, to=VisitState.CLOSED, by=town.actor("aigerim"), now=NOON)
    assert reasons() == ["visit_instead"]
    assert lost(NOON + timedelta(hours=1)) == []


def test_this_mornings_conversation_settles_what_was_handed_over_yesterday(town):
    enrolment = make.observed(town)
    yesterday = DueContact.objects.get()
    hand_contact(due=yesterday, reason="not_reached", by=WORKER, now=NOON)
    morning = NOON + timedelta(days=1)
    plan_day(day=morning.date(), by=WORKER, now=morning)
    [call] = claimed(morning)
    answered_call(call.attempt_id, CALM | {"wants_doctor": "no"}, enrolment=enrolment, now=morning)
    assert set(DueContact.objects.values_list("state", flat=True)) == {"done"}
    assert reasons() == []


def troubled(town):
    """A doctor's alert and an operator's one."""
    enrolment = make.observed(town)
    told = Told(enrolment=enrolment, programme=programme("covid-home"), source=Source.ROBOT)
    answers_arrived(told=told, given={"state": "worse", "at_home": "no"}, by=ROBOT, now=NOON)
    return enrolment.case, frozenset(alert.uid for alert in alerts_of(enrolment.case))


def test_a_doctor_overrides_the_doctors_alerts_only(town):
    case, seen = troubled(town)
    override_alerts(case=case, shown=seen, by=town.actor("serik"), now=NOON)
    assert dict(Alert.objects.values_list("rule", "state")) == {"worse": "overridden", "left_home": "open"}


def test_a_conclusion_leaves_the_operators_signals_to_them(town):
    case, seen = troubled(town)
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays")
    conclude(case=case, decision=Decision(findings=findings, seen=seen), by=town.actor("serik"), now=NOON)
    assert dict(Alert.objects.values_list("rule", "state")) == {"worse": "acted", "left_home": "open"}


def test_the_clinic_gets_a_number_that_may_be_rung(town):
    enrolment = make.observed(town)
    mark_phone(phone=enrolment.person.phones.get(), state=PhoneState.BAD, by=WORKER, now=NOON)
    add_phone(person=enrolment.person, number="+77770001122", by=WORKER, now=NOON)
    wish = VisitWish(reason="worsening", urgency="today")
    assert request_visit(case=enrolment.case, wish=wish, by=town.actor("aigerim"), now=NOON).phone == "+77770001122"


@pytest.mark.parametrize("text", ["nan", "inf", "1e99", "x"])
def test_a_measure_that_is_no_number_is_refused(town, text):
    told = Told(enrolment=make.observed(town), programme=programme("covid-home"), source=Source.OPERATOR)
    with refused("answer.range"):
        answers_arrived(told=told, given={"spo2": text}, by=town.actor("aigerim"), now=NOON)


@pytest.mark.parametrize(
    ("outcome", "state"), [("ended", "recovered"), ("not_confirmed", "not_confirmed"), ("refused", "declined")]
)
def test_an_end_is_counted_as_what_it_was(town, outcome, state):
    case = make.observed(town).case
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome=outcome)
    decision = Decision(findings=findings, then=Next.END, without_pcr=WithoutPcr.SYMPTOMS)
    conclude(case=case, decision=decision, by=town.actor("serik"), now=NOON)
    case.refresh_from_db()
    assert case.state == state
