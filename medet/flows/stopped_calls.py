"""The robot was stopped for today: whoever it would still have rung is an operator's, at once and not at nightfall."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.contacts.states import RINGS_NO_MORE
from medet.flows.each import each
from medet.flows.hand_contact import hand_contact
from medet.monitoring.queries import begun_by_robot


@transaction.atomic
def hand_stopped(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Hands a batch of contacts of stopped campaigns to the operators; True when there was work."""
    held = begun_by_robot(now).filter(order__campaign__state__in=RINGS_NO_MORE)
    stopped = list(held.select_for_update(of=("self",), skip_locked=True, no_key=True)[:batch])
    return each(stopped, lambda due: hand_contact(due=due, reason="robot_stopped", by=by, now=now)) > 0
