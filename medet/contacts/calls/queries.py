"""Attempts and orders as others read them."""

from datetime import datetime

from django.db.models import QuerySet

from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.states import LIVE


def lost_attempts(now: datetime) -> QuerySet[CallAttempt]:
    """Live attempts whose process has not renewed its lease."""
    return CallAttempt.objects.filter(state__in=LIVE, lease_until__lte=now).order_by("lease_until")


def asked_to_hang_up(attempt_ids: list[int]) -> list[int]:
    """Those of these attempts that are to end, because their case ended."""
    asked = CallAttempt.objects.filter(pk__in=attempt_ids, state__in=LIVE, hang_up=True)
    return list(asked.values_list("pk", flat=True))


def due_of(attempt_id: int) -> int:
    """The due contact that an attempt is made for."""
    return int(CallOrder.objects.values_list("due_contact_id", flat=True).get(attempts=attempt_id))


def attempts_today(order: CallOrder) -> int:
    """How many attempts of an order count against its cap."""
    return order.attempts.exclude(outcome="network_failed").filter(invited_at__isnull=False).count()
