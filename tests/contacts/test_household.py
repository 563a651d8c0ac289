"""One call serves a line: who is asked in it, and what the second person's attempt is."""

from datetime import date, timedelta

import pytest

from medet.base.actor import ROBOT, WORKER
from medet.contacts.calls.actions import CallEnd, join_call, mark_answered, permit, stop_calls
from medet.contacts.calls.models import CallLine
from medet.contacts.models import CallAttempt, CallOrder
from medet.contacts.states import AttemptOutcome
from medet.flows.end_call import end_call
from medet.flows.household_line import household_line, wrong_line
from medet.flows.robot_consent import no_robot_calls
from medet.people.actions import mark_phone, merge
from medet.people.models import Person, Phone
from medet.people.states import PhoneState
from medet.tasks.models import Task
from tests import make
from tests.contacts.test_claim import GAP, LEASE, NOW, claimed, share_line


@pytest.fixture
def line(town):
    """A mother and her daughter on the mother's telephone."""
    mother, daughter = make.observed(town), make.observed(town)
    share_line(mother.person, daughter.person)
    born(daughter, 1985)
    return mother, daughter


def born(enrolment, year):
    Person.objects.filter(pk=enrolment.person_id).update(birth_date=date(year, 5, 1))


def others_of(one, now=NOW):
    return household_line(asked=one, attempt_id=one.attempt_id, now=now)


def rung(one, now=NOW):
    assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=now)
    mark_answered(attempt_id=one.attempt_id, lease=LEASE, by=ROBOT, now=now)


def joined(one, other, now=NOW):
    attempt_id = join_call(carrier_id=one.attempt_id, order_id=other.order_id, lease=LEASE, now=now)
    if attempt_id is not None:
        mark_answered(attempt_id=attempt_id, lease=LEASE, by=ROBOT, now=now)
    return attempt_id


def test_both_are_asked_in_one_call_and_one_call_is_counted(line):
    [one] = claimed()
    rung(one)
    [other] = others_of(one).others
    assert {one.enrolment_id, other.enrolment_id} == {each.pk for each in line}
    second = CallAttempt.objects.get(pk=joined(one, other))
    assert (second.state, second.invited_at, second.carried_by_id) == ("answered", None, one.attempt_id)
    assert second.contact.person_id == other_person(other)
    assert CallLine.objects.filter(direction="outbound").count() == 1
    for attempt in (second.pk, one.attempt_id):
        end = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome="partial")
        end_call(attempt_id=attempt, end=end, by=ROBOT, now=NOW)
    assert claimed(NOW + GAP - timedelta(minutes=1)) == []
    assert len(claimed(NOW + GAP + timedelta(minutes=1))) == 1


def other_person(other):
    return CallOrder.objects.get(pk=other.order_id).person_id


def test_two_of_one_year_are_left_to_a_person(town, line):
    born(line[1], 1959)
    [one] = claimed()
    assert (others_of(one).alike, others_of(one).others) == (True, [])
    end = CallEnd(outcome=AttemptOutcome.SAME_YEAR, ended_by="us")
    end_call(attempt_id=one.attempt_id, end=end, by=ROBOT, now=NOW)
    assert Task.objects.get(about_type="due_contact").reason == "same_year"


def test_two_of_one_year_beside_the_person_rung_for_are_not_asked(town, line):
    twin = make.observed(town)
    share_line(line[0].person, twin.person)
    born(twin, 1985)
    [one] = [each for each in claimed() if each.enrolment_id == line[0].pk]
    assert (others_of(one).alike, others_of(one).others) == (False, [])


def test_who_does_not_want_robot_calls_is_not_asked(line):
    no_robot_calls(person=line[1].person, channel="phone", by=WORKER, now=NOW)
    [one] = claimed()
    assert others_of(one).others == []


def test_who_has_an_own_line_is_not_asked_here(town):
    make.observed(town)
    make.observed(town)
    assert [others_of(one).others for one in claimed()] == [[], []]


def test_whose_case_ended_meanwhile_does_not_join(line):
    [one] = claimed()
    rung(one)
    [other] = others_of(one).others
    stop_calls(enrolment_ids=[other.enrolment_id], by=WORKER, now=NOW)
    assert joined(one, other) is None


def test_joining_said_twice_is_one_attempt(line):
    """The receipt of the first word may be lost with the database."""
    [one] = claimed()
    rung(one)
    [other] = others_of(one).others
    first = joined(one, other)
    assert first is not None
    assert joined(one, other) == first
    assert CallAttempt.objects.count() == 2


def test_not_the_patient_twice_is_a_matter_for_a_person(town):
    make.observed(town)
    at = NOW
    for _ in range(2):
        [one] = claimed(at)
        assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=at)
        mark_answered(attempt_id=one.attempt_id, lease=LEASE, by=ROBOT, now=at)
        end = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome="not_the_patient")
        end_call(attempt_id=one.attempt_id, end=end, by=ROBOT, now=at)
        at += timedelta(hours=2)
    task = Task.objects.get(about_type="due_contact")
    assert (task.kind, task.reason) == ("wrong_person", "not_the_patient")


def test_a_line_that_was_silenced_meanwhile_is_not_joined(line):
    [one] = claimed()
    rung(one)
    [other] = others_of(one).others
    phone = Phone.objects.get(person_id=other_person(other), number=one.number)
    mark_phone(phone=phone, state=PhoneState.BAD, by=WORKER, now=NOW)
    assert joined(one, other) is None


def test_a_wrong_number_is_wrong_for_all_of_the_line(line):
    """Whoever pressed star is a stranger to each of them: the line rings for none of them again."""
    [one] = claimed()
    rung(one)
    [other] = others_of(one).others
    end = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome="wrong_number")
    end_call(attempt_id=one.attempt_id, end=end, by=ROBOT, now=NOW)
    wrong_line(order_ids=[other.order_id], number=one.number, by=ROBOT, now=NOW)
    assert {phone.state for phone in Phone.objects.filter(number=one.number)} == {"bad"}
    assert {task.reason for task in Task.objects.filter(state="open")} == {"wrong_number"}
    assert claimed(NOW + GAP * 2) == []


def test_a_dormitory_is_not_one_endless_call(town, line):
    for year in range(1986, 1992):
        more = make.observed(town)
        share_line(line[0].person, more.person)
        born(more, year)
    [one] = [each for each in claimed() if each.enrolment_id == line[0].pk]
    assert len(others_of(one).others) == 3


def test_a_merged_person_is_asked_once(town, line):
    twice = make.observed(town)
    share_line(line[0].person, twice.person)
    merge(person=twice.person, into=line[1].person, by=WORKER, now=NOW)
    [one] = [each for each in claimed() if each.enrolment_id == line[0].pk]
    assert len(others_of(one).others) == 1
