"""The alerts a page showed: they travel in its forms, so that a stale page settles nothing it did not show."""

from collections.abc import Iterable
from uuid import UUID

from medet.monitoring.models import Alert
from medet.web.asked import Asked

FIELD = "shown"


def shown_in(request: Asked) -> frozenset[UUID]:
    """What the form says it showed; what is no identifier is nothing."""
    return frozenset(uid for text in request.POST.getlist(FIELD) if (uid := _uid(text)))


def shown_of(alerts: Iterable[Alert]) -> tuple[str, ...]:
    """What a form is to say."""
    return tuple(str(alert.uid) for alert in alerts)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
