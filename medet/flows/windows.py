"""Windows that ended without a contact: what was the campaign's becomes a person's task."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from medet.base.actor import Actor
from medet.contacts.states import CampaignState
from medet.flows.hand_many import hand_many
from medet.monitoring.models import DueContact
from medet.monitoring.queries import windows_over

DAY = timedelta(days=1)


@transaction.atomic
def close_windows(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Hands a batch of missed contacts to the operators; True when there was work. Whom the robot never rang, because
    nobody started it, need not be woken: due tomorrow, when its call settles both days."""
    rows = windows_over(now).select_related("order__campaign")
    over = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:batch])
    idle = [due for due in over if _not_started(due)]
    rung = [due for due in over if not _not_started(due)]
    done = hand_many(
        keys=_keys(idle), reason="robot_not_started", since=lambda due: due.window_start + DAY, by=by, now=now
    )
    return done + hand_many(keys=_keys(rung), reason="not_reached", since=lambda _: now, by=by, now=now) > 0


def _not_started(due: DueContact) -> bool:
    order = getattr(due, "order", None)
    return order is not None and order.campaign.state == CampaignState.WAITING


def _keys(rows: Sequence[DueContact]) -> list[int]:
    return [due.pk for due in rows]
