"""The context processor behind `page.html`: who is signed in, what time it is, where changes are heard."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from medet.base import policy
from medet.base.actor import Held
from medet.base.clock import now
from medet.staff.models import RoleAt, User
from medet.staff.queries import roles_of
from medet.staff.states import Role
from medet.web.parts.devices import device_menu
from medet.web.parts.live import live_url
from medet.web.parts.shapes import Shell, Stat, UserMenu
from medet.web.parts.work import work_menu


def shell(request: HttpRequest) -> dict[str, Any]:
    """A view that knows more (role, stats) puts its own `shell` into its context."""
    return {"shell": make(request)}


def make(request: HttpRequest, *, user: UserMenu | None = None, stats: Sequence[Stat] = ()) -> Shell:
    """The frame of a page; a desk passes its `stats` and a `user` with role and organisation."""
    # A request refused before the middleware knew its user still gets a page with a frame.
    person = getattr(request, "user", None)
    known = isinstance(person, User)
    # Nobody signed in has nothing to hear; a stream would only be refused and retried.
    live = live_url(request) if known else ""
    held = _held(request, person) if isinstance(person, User) else []
    menu = user or (_menu(person, held) if isinstance(person, User) else None)
    work = work_menu(person, held, now=now()) if isinstance(person, User) else None
    hours = _calling_hours() if settings.DEMO else ""
    device = device_menu(request, person, now=now()) if isinstance(person, User) else None
    return Shell(settings.DEMO, now(), live, menu, work, device, stats, calling_hours=hours)


def _held(request: HttpRequest, person: User) -> list[RoleAt]:
    """The roles this session has; one that a PIN opened has fewer than its user."""
    held = roles_of(person, now=now())
    if not hasattr(request, "whole"):
        return held
    return [row for row in held if Held(row.role, row.organisation_id) in request.whole.held]


def _calling_hours() -> str:
    """The demo says why its telephones are quiet at night."""
    hours = [policy.local_time(f"call.hours.{edge}", now=now()) for edge in ("start", "end")]
    return "–".join(f"{hour:%H:%M}" for hour in hours)


def _menu(person: User, held: Sequence[RoleAt]) -> UserMenu:
    """With the first of one's roles; several roles at several places are shown one after the other."""
    roles = dict.fromkeys(str(Role(row.role).label) for row in held)
    places = dict.fromkeys(row.organisation.name for row in held)
    return UserMenu(str(person), ", ".join(roles), ", ".join(places))
