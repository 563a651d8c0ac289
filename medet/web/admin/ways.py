"""The frame of the desk's pages: its tabs, and what every page is rendered by."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medet.web.access import ADDRESSES
from medet.web.asked import Asked
from medet.web.parts.shapes import Tab

WAYS = {
    "admin:desk": _("State"),
    "admin:organisations": _("Organisations"),
    "admin:users": _("Users"),
    "admin:trunk": _("Telephone"),
    "admin:prompts": _("Recordings"),
    "admin:limits": _("Limits"),
}
Outcome = HttpResponse | dict[str, Any]
Move = Callable[..., Outcome]


def show(request: Asked, template: str, way: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the desk; forms with faults come back as 422."""
    mine = [name for name in WAYS if request.actor.roles & ADDRESSES[name]]  # type: ignore[operator]  # all are roles
    ways = [Tab(str(WAYS[name]), reverse(name), current=name == way) for name in mine]
    faulty = any(getattr(value, "is_bound", False) and value.errors for value in context.values())
    return render(request, f"admin/{template}.html", {"ways": ways} | context, status=422 if faulty else 200)


def moved(request: Asked, moves: dict[str, Move], *about: Any) -> Outcome:
    """The move that was posted."""
    move = moves.get(request.POST.get("move", ""))
    if move is None:
        raise Http404
    return move(request, *about)


def done(request: Asked, words: Any) -> None:
    """Said above the next page."""
    messages.success(request, str(words))
