"""A robot call ended: what it means for the order, the due contact and the person's phone."""

from datetime import datetime

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.clock import LOCAL, local_day
from medet.contacts.calls.actions import CallEnd, close_attempt, lock_order, retry_order
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.calls.queries import attempts_alike, attempts_today, due_of
from medet.contacts.calls.rules import Limits, came_out, retry_after
from medet.contacts.states import AttemptOutcome, ContactOutcome, OrderState
from medet.flows.hand_contact import hand_contact
from medet.flows.visit_elsewhere import wished_for
from medet.flows.write_contact import owed_until_today, settle
from medet.monitoring.actions import lock_due
from medet.monitoring.models import Answers
from medet.monitoring.states import Band
from medet.people.actions import mark_phone
from medet.people.states import PhoneState

FINISHED = (ContactOutcome.COMPLETE, ContactOutcome.DANGER)
RANG = (AttemptOutcome.BUSY, AttemptOutcome.NO_ANSWER, AttemptOutcome.ANSWERED, AttemptOutcome.UNKNOWN)
BAD_NUMBER = (AttemptOutcome.INVALID_NUMBER, ContactOutcome.WRONG_NUMBER)


@transaction.atomic
def end_call(*, attempt_id: int, end: CallEnd, by: Actor, now: datetime) -> None:
    """Closes the attempt; a second word about the same attempt changes nothing."""
    lock_due(due_id=due_of(attempt_id))
    lock_order(attempt_id=attempt_id)
    attempt = close_attempt(attempt_id=attempt_id, end=end, by=by, now=now)
    if attempt is None:
        return
    _mark_number(attempt, end, by=by, now=now)
    if end.contact_outcome in FINISHED:
        _settle(attempt, by=by, now=now)
    elif attempt.order.state == OrderState.WAITING:
        _again_or_hand(attempt, end, by=by, now=now)


def _settle(attempt: CallAttempt, *, by: Actor, now: datetime) -> None:
    """The contact was made, even if it had been given to a person meanwhile (a lost lease, the end of its window).

    Made means written: when its answers did not reach the rows, a person asks again.
    """
    if not _written(attempt):
        hand_contact(due=attempt.order.due_contact, reason="not_written", by=by, now=now)
        return
    # What was handed over yesterday evening is settled by this morning's conversation too; a visit that was wished for
    # elsewhere is not, for the robot has not asked about it.
    enrolment = attempt.order.enrolment
    owed = {attempt.order.due_contact, *owed_until_today(enrolment, now=now)}
    wished = set(wished_for(enrolment))
    for due in owed:
        if due not in wished:
            settle(due, by=by, now=now)


def _written(attempt: CallAttempt) -> bool:
    answers = Answers.objects.filter(contact_uid=attempt.contact.uid).first() if attempt.contact else None
    return answers is not None and (answers.is_complete or answers.band == Band.RED)


def _mark_number(attempt: CallAttempt, end: CallEnd, *, by: Actor, now: datetime) -> None:
    """A number where the right year was keyed in is checked; a wrong one is bad."""
    if end.contact_outcome in FINISHED and attempt.phone.state == PhoneState.UNCHECKED:
        mark_phone(phone=attempt.phone, state=PhoneState.CHECKED, by=by, now=now)
    if end.outcome in BAD_NUMBER or end.contact_outcome in BAD_NUMBER:
        reason = end.contact_outcome or end.outcome
        mark_phone(phone=attempt.phone, state=PhoneState.BAD, reason=reason, by=by, now=now)


def _again_or_hand(attempt: CallAttempt, end: CallEnd, *, by: Actor, now: datetime) -> None:
    order = attempt.order
    retry = retry_after(
        outcome=end.outcome,
        contact_outcome=end.contact_outcome,
        attempts=attempts_today(order),
        same=attempts_alike(order, came_out(end.outcome, end.contact_outcome)),
        limits=_limits(order, now=now),
        now=now,
    )
    if retry.at is None:
        hand_contact(due=order.due_contact, reason=retry.reason, by=by, now=now)
    else:
        retry_order(order=order, at=retry.at)


def _limits(order: CallOrder, *, now: datetime) -> Limits:
    """The law's limits, or the campaign's where it is gentler."""
    day, campaign = local_day(now), order.campaign
    minutes = {
        outcome: max(wait, campaign.gap_minutes if outcome in RANG else 0)
        for outcome, wait in policy.value("call.retry_minutes", now=now).items()
    }
    slots = policy.local_times("call.slots", now=now) if campaign.spread else []
    return Limits(
        cap=min(policy.whole("call.daily_attempts", now=now), campaign.tries),
        minutes=minutes,
        times=policy.value("call.retry_times", now=now),
        slots=[datetime.combine(day, start, LOCAL) for start in slots],
        window_end=order.window_end,
    )
