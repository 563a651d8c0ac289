"""How far a campaign is: each figure and its list are the same words (promise 7)."""

from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import LIVE, AttemptState, OrderState

MEASURED_OVER = timedelta(days=7)
# Every order is in exactly one part.
PARTS: dict[str, Q] = {
    "talking": Q(state=OrderState.WAITING, live=AttemptState.ANSWERED),
    "ringing": Q(state=OrderState.WAITING, live__in=(AttemptState.CLAIMED, AttemptState.DIALLING)),
    "waiting": Q(state=OrderState.WAITING, live="", tried=0),
    "again": Q(state=OrderState.WAITING, live="", tried__gt=0),
    "done": Q(state=OrderState.DONE),
    "handed": Q(state=OrderState.EXHAUSTED),
    "stopped": Q(state=OrderState.STOPPED),
}


def orders_of(campaigns: list[int]) -> QuerySet[CallOrder]:
    """Orders of campaigns with what their attempts say: `live` (state of the one under way) and `tried`."""
    attempts = CallAttempt.objects.filter(order=OuterRef("pk"))
    live = attempts.filter(state__in=LIVE).values("state")[:1]
    ended = attempts.filter(state=AttemptState.ENDED, invited_at__isnull=False).order_by()
    tried = ended.values("order").annotate(n=Count("pk")).values("n")
    rows = CallOrder.objects.filter(campaign_id__in=campaigns)
    return rows.annotate(live=Coalesce(Subquery(live), Value("")), tried=Coalesce(Subquery(tried), 0))


def progress(campaign: Campaign) -> dict[str, int]:
    """How many orders are in each part."""
    counts = {code: Count("pk", filter=part) for code, part in PARTS.items()}
    return dict(orders_of([campaign.pk]).aggregate(**counts))


def last_attempts(orders: list[int]) -> dict[int, CallAttempt]:
    """The newest attempt of each order, with its conversation."""
    rows = CallAttempt.objects.filter(order_id__in=orders).order_by("order", "-attempt_no").distinct("order")
    return {row.order_id: row for row in rows.select_related("contact")}


def measured_call(organisation_ids: tuple[int, ...], *, now: datetime) -> timedelta | None:
    """How long a call holds a line, answered or not, by what was measured lately; None when nothing was."""
    rows = CallAttempt.objects.filter(
        organisation_id__in=organisation_ids, invited_at__gt=now - MEASURED_OVER, ended_at__isnull=False
    )
    length = ExpressionWrapper(F("ended_at") - F("invited_at"), output_field=DurationField())
    found: timedelta | None = rows.aggregate(length=Avg(length))["length"]
    return found
