"""The claim refuses by itself: every way somebody could be pestered is tried, and no other path rings a phone."""

from datetime import time, timedelta

import pytest

from medet.base.actor import ROBOT, WORKER
from medet.contacts.calls.actions import CallEnd, permit
from medet.contacts.calls.claim import Manners, claim
from medet.contacts.campaigns.actions import move_campaign
from medet.contacts.models import CallAttempt, CallOrder, Campaign
from medet.contacts.states import AttemptOutcome, CampaignState
from medet.flows.end_call import end_call
from medet.flows.lost_calls import lost_calls
from medet.monitoring.models import DueContact
from medet.people.actions import add_phone, mark_phone, merge
from medet.people.models import Person, Phone
from medet.people.states import PhoneState
from medet.tasks.models import Task
from tests import make

NOW = make.NOON
LEASE = timedelta(seconds=45)
GAP = timedelta(minutes=60)
MANNERS = Manners(daily_cap=2, gap=GAP, quiet_start=time(9), quiet_end=time(20), zone="Asia/Almaty")


def claimed(now=NOW, limit=50):
    return claim(limit=limit, worker="test", manners=MANNERS, lease=LEASE, now=now)


def rung(one, outcome=AttemptOutcome.NO_ANSWER, now=NOW, contact=""):
    assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=now)
    end_call(attempt_id=one.attempt_id, end=CallEnd(outcome=outcome, contact_outcome=contact), by=ROBOT, now=now)


def share_line(first, second):
    """The second person is reached on the first one's line only."""
    Phone.objects.filter(person=second).delete()
    add_phone(person=second, number=first.phones.get().number, by=WORKER, now=NOW)


def test_one_call_for_a_household_line(town):
    first, second = make.observed(town), make.observed(town)
    share_line(first.person, second.person)
    [one] = claimed()
    assert claimed() == []
    rung(one, AttemptOutcome.ANSWERED, contact="complete")
    assert claimed(NOW + GAP - timedelta(minutes=1)) == []
    assert len(claimed(NOW + GAP + timedelta(minutes=1))) == 1


def test_a_merged_person_is_one_person(town):
    first, second = make.observed(town), make.observed(town)
    merge(person=second.person, into=first.person, by=WORKER, now=NOW)
    assert len(claimed()) == 1
    assert claimed() == []


def test_the_cap_of_a_day_then_a_person_takes_over(town):
    make.observed(town)
    for attempt in range(MANNERS.daily_cap):
        at = NOW + attempt * timedelta(minutes=61)
        [one] = claimed(at)
        rung(one, now=at)
    assert claimed(NOW + timedelta(minutes=122)) == []


def test_a_lost_process_counts_as_having_rung(town):
    make.observed(town)
    [one] = claimed()
    later = NOW + timedelta(minutes=1)
    assert lost_calls(by=WORKER, now=later) is True
    assert CallAttempt.objects.get(pk=one.attempt_id).outcome == "unknown"
    assert claimed(NOW + GAP - timedelta(minutes=1)) == []
    assert len(claimed(NOW + GAP + timedelta(minutes=1))) == 1


def test_a_better_word_comes_after_unknown(town):
    make.observed(town)
    [one] = claimed()
    lost_calls(by=WORKER, now=NOW + timedelta(minutes=1))
    end = CallEnd(outcome=AttemptOutcome.BUSY, sip_code=486)
    end_call(attempt_id=one.attempt_id, end=end, by=ROBOT, now=NOW + timedelta(minutes=2))
    assert CallAttempt.objects.get().outcome == "busy"


@pytest.mark.parametrize("contact", ["complete", "danger"])
def test_a_call_whose_answers_were_not_written_goes_to_a_person(town, contact):
    make.observed(town)
    [one] = claimed()
    rung(one, AttemptOutcome.ANSWERED, contact=contact)
    assert Task.objects.get(about_type="due_contact").reason == "not_written"


def test_a_fault_of_the_network_is_not_counted_against_the_patient(town):
    make.observed(town)
    for attempt in range(MANNERS.daily_cap + 1):
        at = NOW + attempt * timedelta(minutes=6)
        [one] = claimed(at)
        rung(one, AttemptOutcome.NETWORK_FAILED, now=at)


@pytest.mark.parametrize("state", [PhoneState.BAD, PhoneState.DO_NOT_CALL])
def test_a_number_that_may_not_be_rung(town, state):
    enrolment = make.observed(town)
    mark_phone(phone=enrolment.person.phones.get(), state=state, by=WORKER, now=NOW)
    assert claimed() == []


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.STOPPED])
def test_a_paused_or_stopped_campaign(town, state):
    make.observed(town)
    move_campaign(campaign_id=Campaign.objects.get().pk, to=state, by=town.actor("saule"), now=NOW)
    assert claimed() == []


@pytest.mark.parametrize(("hours", "rings"), [(-3.1, False), (-2.9, True), (7.9, True), (8.1, False), (16, False)])
def test_calling_hours_are_local(town, hours, rings):
    """Noon in Almaty is 07:00 UTC; calls are made from 09:00 to 20:00 there."""
    at = NOW + timedelta(hours=hours)
    make.observed(town)
    CallOrder.objects.update(next_attempt_at=at - timedelta(hours=1), window_end=at + timedelta(hours=1))
    assert bool(claimed(at)) is rings


def test_a_claim_is_permitted_once(town):
    make.observed(town)
    [one] = claimed()
    assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOW)
    assert not permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOW)


@pytest.mark.parametrize(
    ("outcome", "contact", "reason"),
    [
        ("invalid_number", "", "invalid_number"),
        ("answered", "wrong_number", "wrong_number"),
        ("rejected", "", "rejected"),
        ("redirected", "", "redirected"),
        ("no_prompt", "", "no_prompt"),
    ],
)
def test_what_no_further_call_can_mend_goes_to_a_person_at_once(town, outcome, contact, reason):
    make.observed(town)
    [one] = claimed()
    rung(one, AttemptOutcome(outcome), contact=contact)
    assert Task.objects.get(about_type="due_contact").reason == reason
    assert DueContact.objects.get().state == "handed"


def test_who_was_not_understood_is_rung_by_a_person(town):
    """The robot has asked twice and has said that a person will ring."""
    make.observed(town)
    [one] = claimed()
    rung(one, AttemptOutcome.ANSWERED, contact="not_understood")
    assert Task.objects.get(about_type="due_contact").reason == "not_understood"


def test_do_not_call_is_said_of_a_line_whoever_it_is_noted_under(town):
    first, second = make.observed(town), make.observed(town)
    share_line(first.person, second.person)
    mark_phone(phone=first.person.phones.get(), state=PhoneState.DO_NOT_CALL, by=WORKER, now=NOW)
    assert claimed() == []


def test_nobody_is_rung_whose_year_of_birth_is_not_known(town):
    enrolment = make.observed(town)
    Person.objects.filter(pk=enrolment.person_id).update(birth_date=None)
    assert claimed() == []


@pytest.mark.parametrize("why", ["the machine slept", "the order is settled", "the campaign is stopped"])
def test_a_stale_claim_gets_no_permit(town, why):
    make.observed(town)
    [one] = claimed()
    at = NOW
    if why == "the machine slept":
        at = NOW + timedelta(hours=9)
    elif why == "the order is settled":
        CallOrder.objects.update(state="done")
    else:
        move_campaign(campaign_id=Campaign.objects.get().pk, to=CampaignState.STOPPED, by=town.actor("saule"), now=NOW)
    assert not permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=at)
