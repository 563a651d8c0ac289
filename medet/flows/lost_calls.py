"""Attempts whose process was lost: closed as unknown, so nobody is forgotten and nobody is rung at once again."""

from datetime import datetime

from medet.base.actor import Actor
from medet.contacts.calls.actions import CallEnd
from medet.contacts.calls.queries import lost_attempts
from medet.contacts.states import AttemptOutcome, AttemptState
from medet.flows.end_call import end_call


def lost_calls(*, by: Actor, now: datetime, batch: int = 20) -> bool:
    """Closes a batch of lost attempts; True when there was work."""
    lost = list(lost_attempts(now)[:batch])
    for attempt in lost:
        never_rang = attempt.state == AttemptState.CLAIMED
        outcome = AttemptOutcome.CANCELLED if never_rang else AttemptOutcome.UNKNOWN
        end_call(attempt_id=attempt.pk, end=CallEnd(outcome=outcome, ended_by="network"), by=by, now=now)
    return bool(lost)
