"""Lists: given, looked at before anything is written, taken in with its progress, and decided row by row."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medet.base import audit
from medet.base.refused import Refused
from medet.flows.give_list import give_list
from medet.flows.settle_row import doubt_of, settle_row
from medet.records.intake.actions import note_read
from medet.records.intake.models import IntakeList
from medet.records.intake.queries import counts_of, lists_of, open_list, rows_of
from medet.records.intake.states import ListState, Outcome, RowState
from medet.web.asked import Asked
from medet.web.intake import pages
from medet.web.intake.forms import GiveForm, SettleForm
from medet.web.intake.mending import XLSX, rows_to_mend
from medet.web.intake.moves import MOVES
from medet.web.intake.shapes import list_row, outcome_tabs, progress_of, row_view
from medet.web.moves import carried_out

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: Asked) -> HttpResponse:
    """The lists of the centre, and a file to give."""
    form = GiveForm(request.POST, request.FILES) if request.method == "POST" else GiveForm()
    if request.method == "POST" and form.is_valid():
        given = _given(request, form)
        if given:
            return redirect("intake:list", uid=given.uid)
    found = list(pages.after(lists_of(request.actor), request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "form": form,
        "lists": [list_row(row) for row in found[:PAGE]],
        "more_url": f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "intake/lists.html", context, status=422 if form.errors else 200)


def _given(request: Asked, form: GiveForm) -> IntakeList | None:
    made: list[IntakeList] = []

    def move() -> None:
        data, organisation = form.cleaned_data["file"].read(), pages.centre_of(request)
        made.append(give_list(data=data, organisation=organisation, by=request.actor, now=request.now))

    if not carried_out(form, move):
        return None
    if made[0].state != ListState.PREVIEW:
        messages.info(request, _("This file was given before; it changes nothing."))
    return made[0]


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, uid: UUID) -> HttpResponse:
    """A list: its preview, its progress, or what came of it; its moves are posted here."""
    given = open_list(uid=uid, by=request.actor)
    if request.method == "POST":
        move = MOVES.get(request.POST.get("move", ""))
        if move is None:
            raise Http404
        outcome = move(request, given)
        if isinstance(outcome, HttpResponse):
            return outcome
        return _page(request, given, outcome)
    return _page(request, given, {})


def _page(request: Asked, given: IntakeList, forms: dict[str, Any]) -> HttpResponse:
    show = request.GET.get("show", "")
    show, counts = show if show in Outcome.values else "", counts_of(given)
    rows = list(rows_of(given, show, after=pages.number(request.GET.get("after")))[: PAGE + 1])
    shown = rows[:PAGE]
    if request.htmx.target != "main":  # a page that only asks for itself again is the same reading
        people = [row.person_id for row in shown if row.person_id]
        note_read(given=given, people=people, by=request.actor, now=request.now, why="list")
    context = {
        "given": list_row(given),
        "state": given.state,
        "counts": counts,
        "tabs": outcome_tabs(given, counts, show),
        "rows": [row_view(row, given, request) for row in shown],
        "more_url": pages.next_url(given, show, shown[-1].number) if len(rows) > PAGE else "",
        "progress": progress_of(given),
        "no_result": "result" not in given.mapping.values(),
        "headed": given.headed,
    }
    faulty = any(form.errors for form in forms.values())
    return render(request, "intake/list.html", context | pages.forms_of(given) | forms, status=422 if faulty else 200)


@require_safe
def mend(request: Asked, uid: UUID) -> HttpResponse:
    """The rows to mend as a file; whoever takes it out of the house is in the audit."""
    given = open_list(uid=uid, by=request.actor)
    audit.record(
        by=request.actor, now=request.now, action="export", object_uid=given.uid, organisation_id=given.organisation_id,
        why="rows to mend",
    )  # fmt: skip
    name = f"medet-{given.given_at:%Y-%m-%d}-{given.uid.hex[-6:]}.xlsx"
    return HttpResponse(
        rows_to_mend(given),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: Asked, uid: UUID, number: int) -> HttpResponse:
    """One doubtful row beside what the register has; a person decides."""
    given = open_list(uid=uid, by=request.actor)
    held = given.rows.filter(number=number, state=RowState.CHECK).select_related("person__root").first()
    if held is None:
        raise Refused("list.row_settled")
    doubt = doubt_of(held, given, by=request.actor, now=request.now)
    form = SettleForm(request.POST if request.method == "POST" else None, doubt=doubt)
    if request.method == "POST" and form.is_valid():
        choice, meant = form.decided
        if carried_out(form, lambda: settle_row(
            given=given, number=number, choice=choice, person=meant, by=request.actor, now=request.now
        )):  # fmt: skip
            messages.success(request, _("Decided."))
            return redirect(pages.next_check(given) or reverse("intake:list", args=[given.uid]))
    context = {"form": form, "given": list_row(given), "row": row_view(held, given, request)}
    context |= pages.both_sides(request, held, given, doubt)
    return render(request, "intake/row.html", context, status=422 if form.errors else 200)
