"""Who may open which address: the one table, and the gate that keeps it.

The gate runs every view inside `scope(actor)`, so a transaction and row level security come with each request.
An address that is not in the table opens to nobody; `tests/web/test_access.py` walks all of them.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reswap

from medet.base import audit
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.staff.queries import actor_of
from medet.staff.states import Role
from medet.web import shared
from medet.web.asked import NOBODY, Asked, came_from

log = logging.getLogger("medet.access")


class Anyone(Enum):
    """Rights that are no roles."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


Right = frozenset[str] | Anyone
PUBLIC, SIGNED_IN = Anyone.PUBLIC, Anyone.SIGNED_IN

OPERATORS: Right = frozenset({Role.OPERATOR, Role.SUPERVISOR})
DOCTORS: Right = frozenset({Role.DOCTOR, Role.SUPERVISOR})
CENTRE: Right = frozenset({Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR})
LEADERS: Right = frozenset({Role.SUPERVISOR})
KEEPERS: Right = frozenset({Role.ADMINISTRATOR})
# A limit is confirmed by another person than the one who set it: whoever leads the centre may.
LIMITS: Right = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
CLINIC: Right = frozenset({Role.CLINIC_RECEIVER, Role.HEAD_OF_CLINIC})
HEADS: Right = frozenset({Role.HEAD_OF_CLINIC})

ADDRESSES: dict[str, Right] = {
    "web:home": SIGNED_IN,
    "web:sign_in": PUBLIC,
    "web:sign_out": SIGNED_IN,
    "web:language": PUBLIC,
    "web:locked": PUBLIC,
    "web:lock": SIGNED_IN,
    "web:here": SIGNED_IN,
    "web:pin": CLINIC,
    "web:devices": HEADS,
    "web:setup": PUBLIC,
    "web:welcome": PUBLIC,
    "web:authority": PUBLIC,
    "card:timeline": CENTRE,
    "card:number": CENTRE,
    "doctor:desk": DOCTORS,
    "doctor:person": DOCTORS,
    "operator:desk": OPERATORS,
    "operator:person": OPERATORS,
    "operator:robot": OPERATORS,
    "operator:new": OPERATORS,
    "operator:alike": OPERATORS,
    "intake:lists": OPERATORS,
    "intake:list": OPERATORS,
    "intake:row": OPERATORS,
    "intake:mend": OPERATORS,
    "clinic:desk": CLINIC,
    "clinic:visit": CLINIC,
    "centre:reports": LEADERS,
    "centre:report_rows": LEADERS,
    "centre:report_file": LEADERS,
    "centre:morning": LEADERS,
    "centre:morning_rows": LEADERS,
    "centre:robot": LEADERS,
    "centre:campaign": LEADERS,
    "centre:rota": LEADERS,
    "centre:shifts": CENTRE,
    "centre:shift": CENTRE,
    "admin:desk": KEEPERS,
    "admin:organisations": KEEPERS,
    "admin:organisation_new": KEEPERS,
    "admin:organisation": KEEPERS,
    "admin:users": KEEPERS,
    "admin:user_new": KEEPERS,
    "admin:user": KEEPERS,
    "admin:given": KEEPERS,
    "admin:trunk": KEEPERS,
    "admin:prompts": KEEPERS,
    "admin:prompt": KEEPERS,
    "admin:prompt_wav": KEEPERS,
    "admin:limits": LIMITS,
    "admin:limit": LIMITS,
    # Shown in the demo and in tests only; the views themselves answer 404 elsewhere.
    "showcase:index": PUBLIC,
    "showcase:operator": PUBLIC,
    "showcase:doctor": PUBLIC,
    "showcase:clinic": PUBLIC,
    "showcase:sign_in": PUBLIC,
    "showcase:refused": PUBLIC,
}

# A session that a PIN opened opens these and what is public; everything else, and whatever is new, needs a password.
BY_PIN = frozenset({"web:home", "web:sign_out", "web:language", "web:lock", "web:here", "clinic:desk", "clinic:visit"})

# A stranger's row looks like one that does not exist.
NOT_YOURS = frozenset({"person.not_visible", "visit.not_yours", "report.unknown", "list.not_visible"})
# Somebody may be trying numbers out: whoever guards the data should see it.
NOTED = frozenset({"search.too_many"})
# Parts that ask for themselves: they must never lead a page away under somebody's typing.
BACKGROUND = frozenset({"queue", "main", "calls", "campaigns", "stop"})
# What asks without a person, and so is no sign that somebody is there.
BY_ITSELF = BACKGROUND | {"state", "trunk-state", "call"}

View = Callable[..., HttpResponse]


class Gate:
    """Middleware, the last of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answers in the view's place: refused, led to the sign-in, or the view inside its scope."""
        asked = cast(Asked, request)
        asked.now = now()
        asked.actor, asked.kept = NOBODY, None
        if request.user.is_authenticated:
            actor = actor_of(request.user, now=asked.now)
            asked.actor = shared.let_in(asked, actor, by_person=not _by_itself(asked))
        asked.whole = asked.actor
        right = _right(request)
        if right is not PUBLIC and asked.actor is NOBODY:
            return _to_sign_in(asked)
        if asked.kept and asked.kept.by_pin and right is not PUBLIC and _name(request) not in BY_PIN:
            return _closed(asked)
        if isinstance(right, frozenset):
            # Here somebody is only what opens this address, and only where: a doctor of one organisation who
            # receives visits at another does not read the one's rows on the other's desk.
            here = asked.actor.narrowed(right)
            if not here.held:
                return _closed(asked)
            asked.actor = here
        return _answer(asked, view, args, kwargs)


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _by_itself(request: Asked) -> bool:
    return bool(request.htmx) and request.htmx.trigger in BY_ITSELF


def _right(request: HttpRequest) -> Right:
    name = _name(request)
    if name not in ADDRESSES:
        log.error("the address %s is not in the table of access", name)
        raise PermissionDenied
    return ADDRESSES[name]


def _answer(request: Asked, view: View, args: Any, kwargs: Any) -> HttpResponse:
    # Nobody sees no rows, so a public page works without a database; the sign-in opens its own transaction.
    limits = nullcontext() if request.actor is NOBODY else scope(request.actor)
    try:
        with limits:
            return view(request, *args, **kwargs)
    except Refused as refused:
        # Here the transaction is undone already: a refused move leaves nothing half done.
        if refused.code in NOT_YOURS:
            _note(request, refused.code)
            raise Http404 from refused
        if refused.code in NOTED:
            _note(request, refused.code)
        return refusal(request, refused.report())


def refusal(request: Asked, sentence: str) -> HttpResponse:
    """A refused move: above the page for htmx, so that nothing typed is lost; else a page with the way back."""
    if request.htmx:
        messages.error(request, sentence)
        return reswap(render(request, "parts/_flash_oob.html", status=422), "none")
    back = came_from(request)
    return render(request, "parts/refused.html", {"sentence": sentence, "back": back}, status=422)


def _closed(request: Asked) -> HttpResponse:
    _note(request, "role")
    if request.htmx:
        return refusal(request, _("Your role may not do this."))
    raise PermissionDenied


def _note(request: Asked, code: str) -> None:
    """Who knocked at a door that is not theirs."""
    name = _name(request)
    with scope(request.actor):
        audit.record(by=request.actor, now=request.now, action="refused", code=code, address=name)


def _to_sign_in(request: Asked) -> HttpResponse:
    """To the password, or on a shared telephone to the question who is there."""
    is_shared = shared.device_of(request) is not None
    if request.htmx and request.htmx.trigger in BACKGROUND and not is_shared:
        return HttpResponse(status=401)
    door = f"{reverse('web:locked' if is_shared else 'web:sign_in')}?{urlencode({'next': _wanted(request)})}"
    if request.htmx:
        return HttpResponseClientRedirect(door)
    return HttpResponse(status=302, headers={"Location": door})


def _wanted(request: Asked) -> str:
    """Where to go after the sign-in: never an address that only takes a form, but the page it stood on."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)
