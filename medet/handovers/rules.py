"""Pure decisions about home visits."""

from datetime import datetime, timedelta

from medet.handovers.states import Urgency


def visit_due(urgency: str, *, now: datetime, day_end: datetime, hours: int) -> datetime:
    """When the visit is to be made: two hours, the end of the day (at least two hours on), or the outer limit."""
    if urgency == Urgency.TWO_HOURS:
        return now + timedelta(hours=2)
    if urgency == Urgency.TODAY:
        return max(day_end, now + timedelta(hours=2))
    return now + timedelta(hours=hours)
