"""Attempts whose process was lost: closed as unknown, so nobody is forgotten and nobody is rung at once again."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from medet.base.actor import Actor
from medet.contacts.calls.actions import CallEnd
from medet.contacts.calls.queries import due_of, lost_attempts
from medet.contacts.states import AttemptOutcome
from medet.flows.end_call import end_call
from medet.monitoring.actions import lock_due

log = logging.getLogger("medet.flows")


def lost_calls(*, by: Actor, now: datetime, batch: int = 20) -> bool:
    """Closes a batch of lost attempts; True when there was work. One that cannot be closed keeps nobody waiting."""
    closed = 0
    for attempt_id in list(lost_attempts(now).values_list("pk", flat=True)[:batch]):
        try:
            closed += _close(attempt_id, by=by, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("lost attempt %s cannot be closed", attempt_id)
    return closed > 0


@transaction.atomic
def _close(attempt_id: int, *, by: Actor, now: datetime) -> bool:
    """A lease that was renewed while we waited for the row is no longer lost."""
    lock_due(due_id=due_of(attempt_id))
    if not lost_attempts(now).filter(pk=attempt_id).exists():
        return False
    # Even one that is only claimed may have rung: the process can die between the INVITE and its commit.
    end = CallEnd(outcome=AttemptOutcome.UNKNOWN, ended_by="network")
    end_call(attempt_id=attempt_id, end=end, by=by, now=now)
    return True
