"""A robot that was thought lost: its calls are closed as unknown, and a better word that comes later counts."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections

from medet.base.actor import ROBOT, WORKER
from medet.base.scope import scope
from medet.contacts.calls.actions import CallEnd, mark_answered, permit, renew_lease
from medet.contacts.calls.claim import claim
from medet.contacts.models import CallAttempt, CallOrder
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.end_call import end_call
from medet.flows.end_case import end_case
from medet.flows.loops import orphans
from medet.flows.lost_calls import lost_calls
from medet.flows.windows import close_windows
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.queries import programme
from medet.records.models import Case
from medet.records.states import CaseState, Source
from medet.tasks.models import Task
from tests import make
from tests.make import NOON
from tests.prove.races import LEASE, MANNERS

LATE = NOON + LEASE + timedelta(seconds=1)
DANGER = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome=ContactOutcome.DANGER, sip_code=200)
PARTIAL = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome=ContactOutcome.PARTIAL, sip_code=200)


def talking(now=NOON, **given):
    """An answered attempt of a fresh person, who pressed these keys."""
    [one] = claim(limit=1, worker="lost", manners=MANNERS, lease=LEASE, now=now)
    assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="main", now=now)
    contact = mark_answered(attempt_id=one.attempt_id, lease=LEASE, by=ROBOT, now=now)
    told = Told(
        enrolment=Enrolment.objects.get(pk=one.enrolment_id),
        programme=programme("covid-home"),
        source=Source.ROBOT,
        contact_uid=contact.uid,
        due_contact=contact.due_contact,
    )
    answers_arrived(told=told, given=given, by=ROBOT, now=now)
    return one.attempt_id


@pytest.mark.django_db
def test_the_later_word_settles_the_contact_even_when_a_person_has_it_by_now():
    with scope(WORKER):
        make.observed(make.city())
        attempt = talking(breath="rest")
        assert lost_calls(by=WORKER, now=LATE)
        assert CallAttempt.objects.get().outcome == "unknown"
        night = DueContact.objects.get().window_end
        assert close_windows(by=WORKER, now=night)
        assert Task.objects.get(state="open", about_type="due_contact").reason == "not_reached"
        end_call(attempt_id=attempt, end=DANGER, by=ROBOT, now=night)
        assert (CallAttempt.objects.get().outcome, DueContact.objects.get().state) == ("answered", "done")
        assert not Task.objects.filter(state="open", about_type="due_contact").exists()
        assert [orphan for orphan in orphans(now=night) if orphan.kind != "enrolment"] == []


@pytest.mark.django_db
def test_a_renewed_lease_is_not_lost():
    with scope(WORKER):
        make.observed(make.city())
        attempt = talking(state="better")
        renew_lease(attempt_ids=[attempt], lease=LEASE, now=LATE)
        assert not lost_calls(by=WORKER, now=LATE)
        assert CallAttempt.objects.get().state == "answered"


@pytest.mark.django_db
def test_one_that_cannot_be_closed_keeps_nobody_waiting(monkeypatch):
    with scope(WORKER):
        town = make.city()
        make.observed(town)
        bad = talking(state="better")
        make.observed(town)
        good = talking(state="better")

        def fails(*, attempt_id, **more):
            if attempt_id == bad:
                raise ValueError(attempt_id)
            end_call(attempt_id=attempt_id, **more)

        monkeypatch.setattr("medet.flows.lost_calls.end_call", fails)
        assert lost_calls(by=WORKER, now=LATE)
        assert CallAttempt.objects.get(pk=good).outcome == "unknown"
        assert CallAttempt.objects.get(pk=bad).state == "answered"


def test_the_end_of_a_case_and_the_end_of_a_call_wait_and_never_cross(live_database):
    """Both at once, many times: a deadlock would raise in one of them after a second."""
    with scope(WORKER):
        town = make.city()
    doctor, faults = town.actor("serik"), []
    for turn in range(12):
        with scope(WORKER):
            enrolment = make.observed(town)
            attempt = talking(state="better")

        def end_of_call(attempt=attempt):
            with scope(ROBOT):
                end_call(attempt_id=attempt, end=PARTIAL, by=ROBOT, now=NOON)

        def end_of_case(case_id=enrolment.case_id):
            with scope(doctor):
                end_case(case=Case.objects.get(pk=case_id), to=CaseState.ADMITTED, by=doctor, now=NOON)

        together(faults, end_of_call, end_of_case, head_start=(turn - 6) / 1000)
    assert faults == []
    with scope(WORKER):
        assert list(orphans(now=NOON)) == []
        assert not CallOrder.objects.filter(state="waiting").exists()


def together(faults, first, second, *, head_start):
    barrier = threading.Barrier(2)

    def run(work, wait_s):
        barrier.wait(10)
        time.sleep(max(0.0, wait_s))  # spreads the order of the two
        try:
            work()
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in ((first, head_start), (second, -head_start))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
