"""A request as views get it: with its actor and its moment, put there by the gate (access.py)."""

from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from medet.base.actor import Actor
from medet.staff.shared.rules import Kept

# Somebody who has not signed in; belongs nowhere and so sees nothing.
NOBODY = Actor(user_id=None, label="nobody")


class Asked(HttpRequest):
    """Only for types: Django makes plain requests, the gate adds the rest."""

    actor: Actor  # narrowed to what opens this address: what views pass on
    whole: Actor  # with every role, for the ways between the desks; never for a row
    now: datetime
    kept: Kept | None  # of a session on a shared telephone
    htmx: HtmxDetails


def came_from(request: HttpRequest) -> str:
    """The path of the page before, when it was one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    if not ours:
        return "/"
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
