"""When somebody is rung again: each outcome its wait, spread over morning, noon and evening, then a person."""

from datetime import UTC, datetime, time, timedelta

import pytest

from medet.base import policy
from medet.base.actor import ROBOT, WORKER
from medet.base.clock import LOCAL
from medet.contacts.calls.actions import CallEnd, permit
from medet.contacts.calls.claim import Manners, claim
from medet.contacts.calls.models import CallAttempt
from medet.contacts.calls.rules import Limits, retry_after
from medet.contacts.states import AttemptOutcome
from medet.flows.end_call import end_call
from medet.flows.plan_day import plan_day
from medet.flows.windows import close_windows
from medet.monitoring.models import DueContact
from medet.tasks.models import Task
from tests import make

DAY = datetime(2026, 11, 24, tzinfo=LOCAL)  # the day after the cast took up its roles
LEASE = timedelta(seconds=45)


def at(clock):
    return datetime.combine(DAY.date(), time.fromisoformat(clock), LOCAL)


def limits(**changed):
    known = {
        "cap": 3,
        "minutes": {"busy": 10, "no_answer": 60, "answered": 30, "network_failed": 5, "cancelled": 5, "unknown": 30},
        "times": {"busy": 3, "no_answer": 3, "answered": 1, "unknown": 1},
        "slots": [at("09:00"), at("12:00"), at("17:00")],
        "window_end": at("20:00"),
    }
    return Limits(**(known | changed))


def retry(outcome, *, now, attempts=1, same=1, contact="", **changed):
    return retry_after(
        outcome=outcome, contact_outcome=contact, attempts=attempts, same=same, limits=limits(**changed), now=at(now)
    )


@pytest.mark.parametrize(
    ("now", "attempts", "again"),
    [
        ("09:05", 1, "12:00"),  # two calls are left, for noon and for the evening
        ("12:10", 2, "17:00"),
        ("13:00", 1, "14:00"),  # began at noon: one call more before the evening's
        ("11:30", 1, "12:30"),  # the wait of the outcome is longer than to the next part of the day
        ("17:30", 1, "18:30"),  # nothing is later than the evening
    ],
)
def test_calls_that_nobody_answered_are_spread(now, attempts, again):
    assert retry("no_answer", now=now, attempts=attempts).at == at(again)


def test_many_calls_a_day_leave_one_for_each_later_part():
    assert [retry("busy", now="09:05", attempts=used, cap=5).at for used in (1, 2, 3)] == [
        at("09:15"),
        at("09:15"),
        at("12:00"),
    ]


@pytest.mark.parametrize(("outcome", "again"), [("answered", "09:35"), ("network_failed", "09:10")])
def test_who_talked_or_was_not_rung_is_rung_soon(outcome, again):
    assert retry(outcome, now="09:05").at == at(again)


@pytest.mark.parametrize(
    ("outcome", "contact", "more", "reason"),
    [
        ("rejected", "", {}, "rejected"),
        ("invalid_number", "", {}, "invalid_number"),
        ("answered", "wrong_number", {}, "wrong_number"),
        ("answered", "silent", {"same": 2, "attempts": 2}, "not_finished"),
        ("unknown", "", {"same": 2, "attempts": 2}, "not_reached"),
        ("no_answer", "", {"attempts": 3, "same": 3}, "not_reached"),
        ("no_answer", "", {"now": "19:30"}, "not_reached"),
    ],
)
def test_then_a_person_takes_over(outcome, contact, more, reason):
    found = retry(outcome, **({"now": "09:05", "contact": contact} | more))
    assert (found.at, found.reason) == (None, reason)


def test_without_parts_of_the_day_only_the_wait_counts():
    assert retry("no_answer", now="09:05", slots=[]).at == at("10:05")


def test_a_whole_day_of_somebody_who_does_not_answer(town):
    """The claim looks every half an hour: one call in each part of the day, hours apart, then a task."""
    morning = at("09:00").astimezone(UTC)
    make.observed(town)
    plan_day(day=DAY.date(), by=WORKER, now=morning)
    manners = Manners(
        daily_cap=policy.whole("call.daily_attempts", now=morning),
        gap=timedelta(minutes=policy.whole("call.min_gap_minutes", now=morning)),
        quiet_start=time(9),
        quiet_end=time(20),
        zone="Asia/Almaty",
    )
    for half_hours in range(24):
        now = morning + half_hours * timedelta(minutes=30)
        for one in claim(limit=5, worker="test", manners=manners, lease=LEASE, now=now):
            assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=now)
            end_call(attempt_id=one.attempt_id, end=CallEnd(outcome=AttemptOutcome.NO_ANSWER), by=ROBOT, now=now)
        close_windows(by=WORKER, now=now)
    rang = [row.invited_at.astimezone(LOCAL).hour for row in CallAttempt.objects.order_by("pk")]
    assert rang == [9, 12, 17]
    today = DueContact.objects.get(on=DAY.date())
    assert Task.objects.get(about_uid=today.uid).reason == "not_reached"
