"""Many due contacts that the robot cannot make become persons' tasks: `hand_contact` in a few statements.

A test hands over the same contacts both ways and compares every row.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from medet.base.actor import Actor
from medet.contacts.calls.actions import exhaust_orders
from medet.flows.each import each
from medet.flows.hand_contact import asked_for, hand_contact, patience
from medet.monitoring.many import hand_dues
from medet.monitoring.models import DueContact
from medet.tasks.many import open_many

log = logging.getLogger("medet.flows")
BATCH = 2000
Since = Callable[[DueContact], datetime]


@transaction.atomic
def hand_many(*, keys: Sequence[int], reason: str, since: Since, by: Actor, now: datetime) -> int:
    """`since`: when the operators' time to ring begins; how many succeeded."""
    parts = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    return sum(_hand(part, reason, since, by=by, now=now) for part in parts)


def _hand(keys: Sequence[int], reason: str, since: Since, *, by: Actor, now: datetime) -> int:
    """At once, or one by one where that fails: a row that cannot be never holds up the others."""
    try:
        with transaction.atomic():
            moved = hand_dues(keys=keys, by=by, now=now)
            exhaust_orders(due_ids=[due.pk for due in moved])
            wait = patience(now)
            wanted = [asked_for(due, reason=reason, due_at=since(due) + wait) for due in moved]
            open_many(wanted=wanted, by=by, now=now)
        return len(keys)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        # The fault's own words may name a patient: only its kind is logged.
        log.warning("%d contacts not handed over at once: %s", len(keys), type(fault).__name__)
        rows = DueContact.objects.filter(pk__in=keys).select_related("enrolment__case").order_by("pk")
        return each(rows, lambda due: hand_contact(due=due, reason=reason, since=since(due), by=by, now=now))
