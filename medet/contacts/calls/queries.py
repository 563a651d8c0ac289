"""Attempts and orders as others read them."""

from datetime import datetime

from django.db.models import QuerySet

from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.states import LIVE


def lost_attempts(now: datetime) -> QuerySet[CallAttempt]:
    """Live attempts whose process has not renewed its lease."""
    return CallAttempt.objects.filter(state__in=LIVE, lease_until__lte=now).order_by("lease_until")


def attempts_today(order: CallOrder) -> int:
    """How many attempts of an order count against its cap."""
    return order.attempts.exclude(outcome="network_failed").filter(invited_at__isnull=False).count()
