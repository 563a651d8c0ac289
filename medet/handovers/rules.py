"""Pure decisions about home visits."""

from datetime import datetime, timedelta
from typing import Protocol

from medet.base.actor import Actor
from medet.handovers.states import CENTRE, CLINIC, Urgency


class _Between(Protocol):
    """What every request between two organisations has."""

    organisation_id: int
    clinic_id: int


def roles_in(visit: _Between, actor: Actor) -> frozenset[str]:
    """What somebody is in this request: of the centre only where it was asked for, of a clinic only where it went."""
    return (actor.roles_at(visit.organisation_id) - CLINIC) | (actor.roles_at(visit.clinic_id) - CENTRE)


def visit_due(urgency: str, *, now: datetime, day_end: datetime, hours: int) -> datetime:
    """When the visit is to be made: two hours, the end of the day (at least two hours on), or the outer limit."""
    if urgency == Urgency.TWO_HOURS:
        return now + timedelta(hours=2)
    if urgency == Urgency.TODAY:
        return max(day_end, now + timedelta(hours=2))
    return now + timedelta(hours=hours)
