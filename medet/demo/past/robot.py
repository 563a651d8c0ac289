"""The robot's calls of a past day: the claim's own SQL, then what the ledger writes of a call, with scripted ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from medet.base import policy
from medet.base.actor import ROBOT
from medet.base.clock import LOCAL, local_day
from medet.contacts.calls.actions import CallEnd, mark_answered, permit
from medet.contacts.calls.claim import Claimed, Manners, claim
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.demo.past.life import Life
from medet.demo.past.manner import Rung, Stay, rung, said
from medet.demo.phones.behaviours import troubled
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.end_call import end_call
from medet.monitoring.models import Enrolment, Programme
from medet.records.states import Source

LEASE = timedelta(hours=3)  # one after the other takes its time, and nobody else rings in the past
CALLER = "demo"  # the process that rang on those days
CHANNELS = 16
TALKS, RINGS = timedelta(seconds=80), timedelta(seconds=30)
HUNG_UP_AFTER = 2  # questions


def due(*, now: datetime, limit: int, caller: str = CALLER) -> list[Claimed]:
    """Whom the robot may ring at this moment, claimed."""
    manners = Manners(
        daily_cap=policy.whole("call.daily_attempts", now=now),
        gap=timedelta(minutes=policy.whole("call.min_gap_minutes", now=now)),
        quiet_start=policy.local_time("call.hours.start", now=now),
        quiet_end=policy.local_time("call.hours.end", now=now),
        zone=str(LOCAL),
        without_consent=policy.value("call.without_consent", now=now),
    )
    return claim(limit=limit, worker=caller, manners=manners, lease=LEASE, now=now)


def ring(life: Life, claimed: Sequence[Claimed], *, now: datetime) -> None:
    """This process's share of what was claimed, as many at a time as the trunk has channels."""
    mine = list(enumerate(claimed))[life.share.index :: life.share.of]
    rows = Enrolment.objects.select_related("case__person").in_bulk([one.enrolment_id for _place, one in mine])
    asked = {row.pk: row for row in Programme.objects.filter(pk__in={one.programme_id for _place, one in mine})}
    for place, one in mine:
        later = now + place // CHANNELS * (TALKS + RINGS) + timedelta(seconds=place % CHANNELS)
        _call(life, one, rows[one.enrolment_id], asked[one.programme_id], later)


def _call(life: Life, claimed: Claimed, enrolment: Enrolment, asked: Programme, now: datetime) -> None:
    if not permit(attempt_id=claimed.attempt_id, lease=LEASE, caller_id="", trunk="main", now=now):
        return
    stay, day = life.stay(enrolment), local_day(now)
    goes = stay.to_hospital and (day - stay.first).days == stay.days - 1
    seen = rung(life.made(enrolment), day, now.hour, to_hospital=goes)
    if seen.outcome == AttemptOutcome.ANSWERED:
        end = _talk(life, claimed, enrolment, asked, seen, now=now + timedelta(seconds=8))
        now += TALKS + timedelta(seconds=15)
    else:
        end = CallEnd(outcome=seen.outcome, sip_code=seen.sip_code, ended_by="peer")
        now += RINGS
    end_call(attempt_id=claimed.attempt_id, end=end, by=ROBOT, now=now)


def _talk(
    life: Life, claimed: Claimed, enrolment: Enrolment, asked: Programme, seen: Rung, *, now: datetime
) -> CallEnd:
    contact = mark_answered(attempt_id=claimed.attempt_id, lease=LEASE, by=ROBOT, now=now)
    given = _given(life, enrolment, life.stay(enrolment), seen, now=now)
    if given:
        told = Told(
            enrolment=enrolment,
            programme=asked,
            source=Source.ROBOT,
            contact_uid=contact.uid,
            due_contact=contact.due_contact,
        )
        answers_arrived(told=told, given=given, by=ROBOT, now=now + TALKS)
    pressed = [question.by_value(given[question.key]) for question in asked.file.questions if question.key in given]
    return CallEnd(
        outcome=AttemptOutcome.ANSWERED,
        contact_outcome=seen.talk,
        sip_code=seen.sip_code,
        ended_by="peer" if seen.talk == ContactOutcome.HUNG_UP else "us",
        digits="".join(option.digit for option in pressed if option),
    )


def _given(life: Life, enrolment: Enrolment, stay: Stay, seen: Rung, *, now: datetime) -> dict[str, str]:
    """The answers of a call until it ended."""
    whole = said(life.made(enrolment), local_day(now), stay, life.file)
    if seen.talk == ContactOutcome.NOT_UNDERSTOOD:
        return {}
    if seen.talk == ContactOutcome.HUNG_UP:
        return dict(list(whole.items())[:HUNG_UP_AFTER])
    # After a danger sign the robot asks no further.
    return troubled(life.file, "breath_at_rest") if seen.talk == ContactOutcome.DANGER else whole
