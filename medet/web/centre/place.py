"""Whose rota a page is about: the organisation of the reader, and the week and role the address names."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse

from medet.base.clock import local_day
from medet.places.models import Organisation
from medet.staff.models import User
from medet.staff.queries import holders
from medet.staff.rota.rules import WEEK, monday_of
from medet.staff.rota.states import ROSTERED
from medet.staff.states import Role
from medet.web.asked import Asked
from medet.web.parts.forms import Choices


@dataclass(frozen=True)
class Place:
    """A week of one role at one organisation."""

    organisation: Organisation
    monday: date
    role: Role

    def url(self, *, weeks: int = 0, **more: str) -> str:
        """The page of this week, or of one so many weeks on."""
        given = {"week": (self.monday + weeks * WEEK).isoformat(), "role": self.role.value} | more
        return f"{reverse('centre:rota')}?{urlencode({key: value for key, value in given.items() if value})}"

    def people(self, request: Asked) -> list[User]:
        """Who can be planned."""
        found = holders(role=self.role, organisation_id=self.organisation.pk, now=request.now)
        return sorted(found, key=lambda user: (user.family_name, user.given_name, user.pk))


def place_of(request: Asked) -> Place:
    """As the address says; nonsense is this week's doctors."""
    role = request.GET.get("role", "")
    return Place(
        organisation=organisation_of(request),
        monday=_monday(request),
        role=Role(role) if role in ROSTERED else Role.DOCTOR,
    )


def organisation_of(request: Asked) -> Organisation:
    """Where the reader is supervisor."""
    led = request.actor.where({Role.SUPERVISOR})
    return get_object_or_404(Organisation, pk=led[0] if led else None)


def _monday(request: Asked) -> date:
    today = local_day(request.now)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    # A year is further than anybody plans, and keeps arithmetic inside the calendar.
    within = abs(asked - today) < timedelta(days=366)
    return monday_of(asked if within else today)


def choices_of(people: list[User]) -> Choices:
    """People as a list to choose from."""
    return [(str(user.uid), str(user)) for user in people]
