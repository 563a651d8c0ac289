"""Windows that ended without a contact: what was the campaign's becomes a person's task."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.each import each
from medet.flows.hand_contact import hand_contact
from medet.monitoring.queries import windows_over


@transaction.atomic
def close_windows(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Hands a batch of missed contacts to the operators; True when there was work."""
    rows = windows_over(now).select_related("enrolment__case")
    over = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:batch])
    return each(over, lambda due: hand_contact(due=due, reason="not_reached", by=by, now=now)) > 0
