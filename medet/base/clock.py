"""The one clock. Rules and actions never ask it: they are given `now`; only faces call `now()`."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

LOCAL = ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """Aware UTC; the demo's clock may run ahead of the wall clock."""
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET)


def midnight(at: datetime) -> datetime:
    """When the local day of a moment began."""
    return datetime.combine(local_day(at), time(), LOCAL)


def local_day(at: datetime) -> date:
    """The calendar day a moment belongs to where the centre works."""
    return at.astimezone(LOCAL).date()
