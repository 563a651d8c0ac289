"""Who else lives behind the door or answers the line: the whole household on one page, with how far today has come."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base.clock import local_day
from medet.monitoring.queries import asked_on
from medet.monitoring.states import DueState
from medet.people.models import Person
from medet.people.queries import household_of
from medet.web.asked import Asked
from medet.web.parts.people import short_age, short_name
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Fact

TODAY = {
    DueState.PLANNED: gettext_lazy("not asked yet today"),
    DueState.HANDED: gettext_lazy("an operator rings"),
    DueState.DONE: gettext_lazy("asked today"),
}


def household(request: Asked, person: Person, url_of: Callable[[Person], str]) -> Sequence[Fact]:
    """A line a person, leading to their page; that they were shown goes to the audit."""
    people = household_of(person, by=request.actor, now=request.now)
    if not people:
        return ()
    seen(request, [one.pk for one in people], desk="household")
    today = asked_on(local_day(request.now), roots=[one.pk for one in people])
    return [_line(one, today.get(one.pk), url_of(one), now=request.now) for one in people]


def _line(person: Person, state: str | None, url: str, *, now: datetime) -> Fact:
    words = TODAY.get(DueState(state)) if state else _("not under observation")
    name = ", ".join(part for part in (short_name(person), short_age(person, now=now)) if part)
    return Fact(name, str(words or ""), url=url)
