"""Attempts whose process was lost: closed as unknown, so nobody is forgotten and nobody is rung at once again."""

from datetime import datetime

from medet.base.actor import Actor
from medet.contacts.calls.actions import CallEnd
from medet.contacts.calls.queries import lost_attempts
from medet.contacts.states import AttemptOutcome
from medet.flows.end_call import end_call


def lost_calls(*, by: Actor, now: datetime, batch: int = 20) -> bool:
    """Closes a batch of lost attempts; True when there was work."""
    lost = list(lost_attempts(now)[:batch])
    for attempt in lost:
        # Even one that is only claimed may have rung: the process can die between the INVITE and its commit.
        end = CallEnd(outcome=AttemptOutcome.UNKNOWN, ended_by="network")
        end_call(attempt_id=attempt.pk, end=end, by=by, now=now)
    return bool(lost)
