"""Limits of law and protocol: value, validity, source; changed from a day on, and confirmed by name."""

import json
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medet.base import policy, wording
from medet.base.clock import local_day
from medet.base.models import PolicyParameter
from medet.base.refused import Refused
from medet.staff.models import User
from medet.staff.states import Role
from medet.web.admin.forms import LimitForm
from medet.web.admin.limit_words import UNITS, name_of, said
from medet.web.admin.ways import Outcome, done, moved, show
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.shapes import Pill

WAY = "admin:limits"


@require_safe
def every(request: Asked) -> HttpResponse:
    """What is in force today."""
    day = local_day(request.now)
    held = PolicyParameter.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    rows = sorted((_row(row) for row in held.order_by("code")), key=lambda row: not row["used"])
    waiting = [row for row in rows if row["used"] and not row["confirmed"]]
    return show(request, "limits", WAY, {"rows": rows, "open": len(waiting)})


def _row(row: PolicyParameter) -> dict[str, Any]:
    group, _dot, name = row.code.partition(".")
    return {
        "code": row.code,
        "name": name_of(row.code),
        "value": said(row.value),
        "typed": shown(row.value),
        "unit": str(UNITS.get(row.unit, row.unit)),
        "source": row.source,
        "from": wording.day(row.valid_from),
        "to": wording.day(row.valid_to) if row.valid_to else "",
        "used": policy.is_used(row.code),
        "confirmed": row.confirmed_by is not None,
        "pill": _pill(row),
        "url": reverse("admin:limit", args=[group, name]),
    }


def shown(value: Any) -> str:
    """As it is typed."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pill(row: PolicyParameter) -> Pill:
    if not policy.is_used(row.code):
        return Pill("grey", "ban", _("not used by this release"))
    if row.confirmed_by is None:
        return Pill("amber", "alert-triangle", _("not confirmed"))
    who = User.objects.filter(pk=row.confirmed_by).first()
    at = wording.day(row.confirmed_at) if row.confirmed_at else ""
    return Pill("green", "circle-check", _("confirmed: %(who)s, %(day)s") % {"who": who or "—", "day": at})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, group: str, name: str) -> HttpResponse:
    """One limit with all its values, the form of a new one, and the confirmation."""
    code = f"{group}.{name}"
    rows = list(PolicyParameter.objects.filter(code=code).order_by("-valid_from"))
    if not rows:
        raise Http404
    outcome: Outcome = moved(request, MOVES, rows) if request.method == "POST" else {}
    if isinstance(outcome, HttpResponse):
        return outcome
    newest = rows[0]
    initial = {"value": shown(newest.value), "valid_from": local_day(request.now), "legal_ref": newest.legal_ref}
    context = {
        "title": name_of(code),
        "code": code,
        "rows": [_row(row) for row in rows],
        "newest": _row(newest),
        "may_change": policy.is_used(code) and Role.ADMINISTRATOR in request.actor.roles,
        "may_confirm": policy.is_used(code) and newest.confirmed_by is None and newest.set_by != request.actor.user_id,
        "loose": newest.confirmed_by is None and newest.valid_from >= local_day(request.now),
        "own": policy.is_used(code) and newest.confirmed_by is None and newest.set_by == request.actor.user_id,
        "me": str(request.user),
        "form": LimitForm(initial=initial, code=code, old=newest.value),
    }
    return show(request, "limit", WAY, context | outcome)


def _change(request: Asked, rows: list[PolicyParameter]) -> Outcome:
    if Role.ADMINISTRATOR not in request.actor.roles:
        raise Http404
    form = LimitForm(request.POST, code=rows[0].code, old=rows[0].value)
    if form.is_valid() and carried_out(
        form,
        lambda: policy.change(code=rows[0].code, **form.cleaned_data, by=request.actor, now=request.now),
    ):
        done(request, _("The new value is kept and waits for its confirmation."))
        return redirect(request.path)
    return {"form": form, "open": True}


def _look(request: Asked, rows: list[PolicyParameter]) -> Outcome:
    """The second look: the same page asks once more."""
    return {"asks": True}


def _confirm(request: Asked, rows: list[PolicyParameter]) -> Outcome:
    """Only what was on the page: a value that was changed meanwhile is looked at anew."""
    if request.POST.get("value") != shown(rows[0].value):
        raise Refused("policy.changed_meanwhile")
    policy.confirm(parameter=rows[0], by=request.actor, now=request.now)
    done(request, _("Confirmed in your name."))
    return redirect(request.path)


MOVES = {"change": _change, "look": _look, "confirm": _confirm}
