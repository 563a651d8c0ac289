"""Organisations or users as a file: shown with what is wrong, and written only then.

Between the two steps the rows travel in the page itself, signed: nothing is kept of a list that is not taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medet.base import audit
from medet.flows.given.organisations import check_organisations, read_organisations, take_organisations
from medet.flows.given.reading import Checked, Given, names_of
from medet.flows.given.users import check_users, read_users, take_users
from medet.web.admin.mending import rows_to_mend
from medet.web.admin.ways import done, show
from medet.web.asked import Asked
from medet.web.moves import carried_out

SALT, KEPT_S = "medet.web.admin.given", 3600


@dataclass(frozen=True)
class Kind:
    """What a list of a kind is read, checked and written by."""

    title: Any
    way: str
    read: Callable[[bytes], list[Given]]
    check: Callable[[Sequence[Given]], list[Checked]]
    take: Callable[..., list[Any]]


KINDS = {
    "users": Kind(gettext_lazy("Users from a list"), "admin:users", read_users, check_users, take_users),
    "organisations": Kind(
        gettext_lazy("Organisations from a list"),
        "admin:organisations",
        read_organisations,
        check_organisations,
        take_organisations,
    ),
}


class FileForm(forms.Form):
    """The file; its kind is told by its bytes."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("There is no row in the file."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def given(request: Asked, kind: str) -> HttpResponse:
    """A file is asked for, looked at, taken."""
    what = KINDS.get(kind)
    if what is None:
        raise Http404
    if move := MOVES.get(request.POST.get("move", "")):
        return _seen(request, kind, what, move)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    read: list[Given] = []

    def look() -> None:
        read.extend(what.read(form.cleaned_data["file"].read()))

    if request.method == "POST" and form.is_valid() and carried_out(form, look):
        return _preview(request, kind, what, read)
    columns = [names[0] for names in names_of(kind).values()]
    return show(request, "given", what.way, {"form": form, "what": what, "kind": kind, "columns": columns})


def _preview(request: Asked, kind: str, what: Kind, rows: Sequence[Given]) -> HttpResponse:
    checked = what.check(rows)
    packed = signing.dumps([[row.number, row.cells] for row in rows], salt=SALT + kind, compress=True)
    context = {
        "what": what,
        "kind": kind,
        # What is to mend stands first, what is there already last.
        "rows": [
            {"number": one.row.number, "cells": _shown(one.row), "one": one}
            for one in sorted(checked, key=lambda one: (not one.faults, one.known))
        ],
        "good": sum(1 for one in checked if one.writes),
        "bad": sum(1 for one in checked if one.faults),
        "known": sum(1 for one in checked if one.known),
        "packed": packed,
    }
    return show(request, "given_preview", what.way, context)


def _shown(row: Given) -> str:
    return " · ".join(cell for cell in row.cells.values() if cell)


def _seen(request: Asked, kind: str, what: Kind, move: Callable[..., HttpResponse]) -> HttpResponse:
    """What the page that was looked at carried."""
    try:
        packed = signing.loads(request.POST.get("packed", ""), salt=SALT + kind, max_age=KEPT_S)
    except signing.BadSignature:
        done(request, _("The preview has run out: give the file again."))
        return redirect("admin:given", kind=kind)
    return move(request, kind, what, [Given(number, cells) for number, cells in packed])


def _take(request: Asked, kind: str, what: Kind, rows: Sequence[Given]) -> HttpResponse:
    made = what.take(rows=rows, by=request.actor, now=request.now)
    if kind == "organisations":
        done(request, _("%(n)d organisations are written.") % {"n": len(made)})
    elif not made:
        done(request, _("Nobody of the list was new; roles that somebody did not have are given."))
    if kind == "organisations" or not made:
        return redirect(what.way)
    links = [
        {"user": user, "url": request.build_absolute_uri(reverse("web:welcome", args=[secret]))}
        for user, secret in made
    ]
    return show(request, "given_links", what.way, {"links": links})


def _mend(request: Asked, kind: str, what: Kind, rows: Sequence[Given]) -> HttpResponse:
    """Whoever takes it out of the house is in the audit."""
    audit.record(by=request.actor, now=request.now, action="export", why="rows to mend", kind=kind)
    return rows_to_mend(kind, what.check(rows))


MOVES = {"take": _take, "mend": _mend}
