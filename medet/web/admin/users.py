"""Users: all of them, somebody new with the link that lets them in, and one with roles, link and end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medet.base import wording
from medet.base.names import fold, sort_key
from medet.flows.given.users import free_name
from medet.flows.installing import create_staff, end_access, grant, let_back, speak_with_patients
from medet.flows.invitations import invite_user
from medet.places.models import Organisation
from medet.staff.models import Invitation, RoleAt, User
from medet.staff.queries import roles_of
from medet.staff.states import Role
from medet.web.admin.forms import GrantForm, InviteForm, SpeaksForm
from medet.web.admin.ways import Outcome, done, moved, show
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.shapes import Pill

WAY, PAGE = "admin:users", 100


@require_safe
def every(request: Asked) -> HttpResponse:
    """By name; a word narrows the list."""
    wanted = request.GET.get("q", "").strip()
    roles: dict[int, list[RoleAt]] = {}
    for row in RoleAt.objects.filter(valid_to__isnull=True).select_related("organisation").order_by("pk"):
        roles.setdefault(row.user_id, []).append(row)
    found = [user for user in User.objects.all() if _fits(user, wanted)]
    found.sort(key=lambda user: sort_key(f"{user.family_name} {user.given_name}"))
    invited = _invited(request)
    rows = [
        {"user": user, "held": [_role(row) for row in roles.get(user.pk, [])], "pill": _pill(user, user.pk in invited)}
        for user in found[:PAGE]
    ]
    return show(request, "users", WAY, {"rows": rows, "q": wanted, "more": max(0, len(found) - PAGE)})


def _fits(user: User, wanted: str) -> bool:
    texts = (user.family_name, user.given_name, user.username)
    return not wanted or any(fold(wanted) in fold(text) for text in texts)


def _invited(request: Asked) -> set[int | None]:
    rows = Invitation.objects.filter(used_at__isnull=True, expires_at__gt=request.now)
    return set(rows.values_list("user_id", flat=True))


def _role(row: RoleAt) -> str:
    return f"{Role(row.role).label}, {row.organisation.name}"


def _pill(user: User, invited: bool) -> Pill:
    if not user.is_active:
        return Pill("grey", "ban", _("access ended"))
    if user.has_usable_password():
        return Pill("green", "circle-check", _("can sign in"))
    return Pill("amber", "clock", _("invited")) if invited else Pill("red", "alert-circle", _("no invitation"))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """The page answers with the link: it is shown this once."""
    form = InviteForm(request.POST or None)
    made: list[User] = []
    if request.method == "POST" and form.is_valid() and carried_out(form, lambda: made.append(_make(request, form))):
        return _page(request, made[0], {"link": _link(request, made[0])})
    return show(request, "user_new", WAY, {"form": form})


def _make(request: Asked, form: InviteForm) -> User:
    data = form.cleaned_data
    names = (data["family_name"], data["given_name"])
    return create_staff(
        username=data["username"].casefold() or free_name(names),
        names=names,
        patronymic=data["patronymic"],
        language=data["language"],
        speaks=data["speaks"],
        roles=[Role(data["role"])],
        at=form.house(),
        password=None,
        by=request.actor,
        now=request.now,
    )


def _link(request: Asked, user: User) -> str:
    secret = invite_user(user=user, by=request.actor, now=request.now)
    return request.build_absolute_uri(reverse("web:welcome", args=[secret]))


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, uid: UUID) -> HttpResponse:
    """One user and everything that may be done with the account."""
    user = get_object_or_404(User, uid=uid)
    outcome: Outcome = moved(request, MOVES, user) if request.method == "POST" else {}
    return outcome if isinstance(outcome, HttpResponse) else _page(request, user, outcome)


def _page(request: Asked, user: User, outcome: dict[str, Any]) -> HttpResponse:
    waiting = user.invitations.filter(used_at__isnull=True, expires_at__gt=request.now).first()
    context = {
        "person": user,
        "pill": _pill(user, waiting is not None),
        "until": wording.moment(waiting.expires_at) if waiting else "",
        "held": roles_of(user, now=request.now),
        "labels": dict(Role.choices),
        "grant_form": GrantForm(),
        "speaks_form": SpeaksForm(initial={"speaks": user.speaks}),
    }
    return show(request, "user", WAY, context | outcome)


def _grant(request: Asked, user: User) -> Outcome:
    form = GrantForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: grant(
            user=user, role=Role(form.cleaned_data["role"]), at=form.house(), by=request.actor, now=request.now
        ),
    ):
        done(request, _("The role is given."))
        return redirect("admin:user", uid=user.uid)
    return {"grant_form": form}


def _end_role(request: Asked, user: User) -> Outcome:
    role, _sep, uid = request.POST.get("held", "").partition("@")
    at = get_object_or_404(Organisation, uid=uid)
    end_access(username=user.username, role=Role(role), at=at, by=request.actor, now=request.now)
    done(request, _("The role is ended."))
    return redirect("admin:user", uid=user.uid)


def _speaks(request: Asked, user: User) -> Outcome:
    form = SpeaksForm(request.POST)
    if not form.is_valid():
        return {"speaks_form": form}
    speak_with_patients(user=user, languages=form.cleaned_data["speaks"], by=request.actor, now=request.now)
    done(request, _("The languages are kept."))
    return redirect("admin:user", uid=user.uid)


def _invite(request: Asked, user: User) -> Outcome:
    return {"link": _link(request, user)}


def _end(request: Asked, user: User) -> Outcome:
    end_access(username=user.username, role=None, at=None, by=request.actor, now=request.now)
    done(request, _("The access is ended: open pages close at their next request."))
    return redirect("admin:user", uid=user.uid)


def _back(request: Asked, user: User) -> Outcome:
    let_back(user=user, by=request.actor, now=request.now)
    done(request, _("The access is open again."))
    return redirect("admin:user", uid=user.uid)


MOVES = {"grant": _grant, "end_role": _end_role, "speaks": _speaks, "invite": _invite, "end": _end, "back": _back}
