"""The ways between the desks: a role sees those it may open (access.py), nobody sees a bar with one entry."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medet.web.access import ADDRESSES
from medet.web.asked import NOBODY
from medet.web.parts.shapes import Tab

# Route -> words; in the order of a working day.
PLACES = {
    "operator:desk": _("Operator"),
    "intake:lists": _("Lists"),
    "doctor:desk": _("Doctor"),
    "clinic:desk": _("Clinic"),
    "centre:morning": _("Morning"),
    "centre:robot": _("Robot calls"),
    "centre:rota": _("Rota"),
    "centre:reports": _("Reports"),
    "admin:desk": _("Installation"),
}


def places(request: HttpRequest) -> dict[str, Any]:
    """For every page: where else the reader may go."""
    whole = getattr(request, "whole", NOBODY)  # a request refused before the gate has none
    here = request.resolver_match.namespace if request.resolver_match else ""
    mine = [route for route in PLACES if isinstance(right := ADDRESSES.get(route), frozenset) and right & whole.roles]
    found = [Tab(str(PLACES[route]), reverse(route), current=_is_here(route, here, request)) for route in mine]
    return {"places": found if len(found) > 1 else []}


def _is_here(route: str, namespace: str, request: HttpRequest) -> bool:
    """Within a desk every page is the desk's; the centre's pages are places of their own."""
    return request.path.startswith(reverse(route)) if namespace == "centre" else route.startswith(f"{namespace}:")
