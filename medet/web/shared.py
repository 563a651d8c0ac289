"""A session on a shared telephone: it is over when nobody touches it, and by a PIN it is the clinic's desk only."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse

from medet.base import audit
from medet.base.actor import Actor
from medet.base.scope import scope
from medet.staff.models import SharedDevice, User
from medet.staff.shared import queries
from medet.staff.shared.rules import KEPT, KEY, Kept
from medet.web.asked import NOBODY, Asked

COOKIE = "medet_device"
IN, OUT = "account.signed_in", "account.signed_out"


def device_of(request: Asked) -> SharedDevice | None:
    """The shared telephone that asks."""
    token = request.COOKIES.get(COOKIE, "")
    return queries.device_of(token, now=request.now) if token else None


def remember(response: HttpResponse, token: str) -> None:
    """The telephone is known by it as long as it is used now and then; only its hash is kept here."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, token, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax", secure=secure)


def keep(request: Asked, device: SharedDevice, *, by_pin: bool) -> None:
    """From now on this session is one of a shared telephone."""
    request.kept = Kept(device.pk, by_pin, request.now)
    request.session[KEY] = request.kept.value()


def enter_by_pin(request: Asked, device: SharedDevice, user: User) -> None:
    """A new session, with a new key, of somebody whose PIN was right."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    keep(request, device, by_pin=True)
    audit.record(by=NOBODY, now=request.now, action=IN, object_uid=user.uid, user=user.pk, device=str(device.uid))


def let_in(request: Asked, actor: Actor, *, by_person: bool) -> Actor:
    """What this session lets through of its user; NOBODY when it is over, and then it is ended here.

    A page that asks for itself is nobody's touch: a telephone left on a desk locks although its list keeps coming.
    """
    request.kept = Kept.of(request.session.get(KEY))
    if request.kept is None:
        # However somebody came in with a password: on a shared telephone their session is one of it.
        device = device_of(request)
        if device:
            keep(request, device, by_pin=False)
        return actor
    through = queries.let_through(actor, request.kept, now=request.now)
    if through is None:
        end(request, actor, why="idle")
        return NOBODY
    if by_person and (touched := request.kept.touched(request.now)) != request.kept:
        request.kept = touched
        request.session[KEY] = touched.value()
    return through


def end(request: Asked, actor: Actor, *, why: str) -> None:
    """The session is gone for good: nothing on the telephone can bring it back."""
    with scope(actor):
        audit.record(by=actor, now=request.now, action=OUT, why=why)
    logout(request)
    request.kept = None
