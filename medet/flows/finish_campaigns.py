"""A campaign whose people all have their end is finished; the day's own one only when its day is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.contacts.calls.models import CallOrder
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import RINGS_OR_WILL, OrderState
from medet.flows.day_campaign import end_campaign


@transaction.atomic
def finish_campaigns(*, by: Actor, now: datetime, batch: int = 50) -> bool:
    """True when there was work."""
    waiting = CallOrder.objects.filter(campaign=OuterRef("pk"), state=OrderState.WAITING)
    going = Campaign.objects.filter(~Exists(waiting), state__in=RINGS_OR_WILL)
    over = going.filter(Q(started_by__isnull=False) | Q(on__lt=local_day(now))).order_by("pk")
    # One that somebody else moves at this moment may be over already when they are done: the next turn looks again.
    free = over.select_for_update(skip_locked=True, no_key=True)
    keys = list(free.values_list("pk", flat=True)[:batch])
    for key in keys:
        end_campaign(campaign_id=key, by=by, now=now)
    return bool(keys)
