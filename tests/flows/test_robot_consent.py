"""A refusal of robot calls holds at once: the claim refuses by itself, and a person has the task."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.contacts.calls.actions import permit
from medet.contacts.calls.claim import Manners, claim
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.flows.robot_consent import no_robot_calls, robot_calls_again
from medet.monitoring.models import DueContact
from medet.people.actions import give_consent, merge, revoke_consent
from medet.people.models import Consent
from medet.people.queries import consent_of
from medet.people.states import ConsentKind
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import LEASE, MANNERS

NOW = make.NOON
TOMORROW = NOW + timedelta(days=1)
ROBOT_CALLS = ConsentKind.ROBOT_CALLS


def claimed(now=NOW, **more):
    return claim(limit=9, worker="test", manners=Manners(**(vars(MANNERS) | more)), lease=LEASE, now=now)


def revoked(person, now=NOW):
    revoke_consent(person=person, kind=ROBOT_CALLS, channel="phone", by=WORKER, now=now)


def agreed(person, now=NOW):
    give_consent(person=person, kind=ROBOT_CALLS, text_version="1", channel="phone", by=WORKER, now=now)


def test_the_claim_itself_refuses_and_the_last_word_holds(town):
    person = make.observed(town).person
    revoked(person)
    assert (claimed(), consent_of(person, ROBOT_CALLS)) == ([], False)
    agreed(person, NOW + timedelta(seconds=1))
    assert (len(claimed()), consent_of(person, ROBOT_CALLS)) == (1, True)


def test_said_under_another_record_of_the_same_human_being(town):
    person, other = make.observed(town).person, make.person(town)
    agreed(other)
    revoked(other, NOW + timedelta(seconds=1))
    merge(person=other, into=person, by=WORKER, now=NOW)
    assert claimed() == []


@pytest.mark.parametrize("without", [True, False])
def test_who_was_never_asked(town, without):
    make.observed(town)
    assert len(claimed(without_consent=without)) == without


def test_a_person_rings_instead_at_once(town):
    enrolment = make.observed(town)
    [one] = claimed()
    no_robot_calls(person=enrolment.person, channel="phone", by=town.actor("aigerim"), now=NOW)
    assert not permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOW)
    task = Task.objects.get(about_type="due_contact")
    assert (task.kind, task.reason, task.role) == ("call_by_hand", "no_robot_consent", "operator")
    assert list(orphans(now=NOW)) == []


def test_the_next_days_go_to_a_person_too_until_the_patient_agrees(town):
    enrolment = make.observed(town)
    no_robot_calls(person=enrolment.person, channel="phone", by=WORKER, now=NOW)
    plan_day(day=local_day(TOMORROW), by=WORKER, now=TOMORROW)
    assert [due.state for due in DueContact.objects.order_by("on")] == ["handed", "handed"]
    robot_calls_again(person=enrolment.person, text_version="spoken", channel="phone", by=WORKER, now=TOMORROW)
    after = TOMORROW + timedelta(days=1)
    plan_day(day=local_day(after), by=WORKER, now=after)
    assert DueContact.objects.get(kind="robot", on=local_day(after)).state == "planned"
    assert len(claimed(after)) == 1


def test_a_refusal_is_kept_once(town):
    person = make.person(town)
    revoked(person)
    revoked(person, TOMORROW)
    assert Consent.objects.get().revoked_at == NOW
