"""Where somebody goes on to: the page they wanted before they were asked who they are."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils.http import url_has_allowed_host_and_scheme

from medet.base.actor import Actor
from medet.base.scope import scope
from medet.handovers.queries import may_open_visit
from medet.web.access import BY_PIN
from medet.web.asked import Asked


def onward(request: HttpRequest) -> str:
    """An address of ours, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def opens_by_pin(request: Asked, wanted: str, actor: Actor) -> bool:
    """Whether the page that was open when the telephone locked opens to whoever unlocked it."""
    try:
        match = resolve(urlsplit(wanted).path)
    except Resolver404:
        return False
    if match.view_name != "clinic:visit":
        return match.view_name in BY_PIN
    with scope(actor):
        return may_open_visit(uid=match.kwargs["uid"], by=actor, now=request.now)
