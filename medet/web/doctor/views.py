"""The doctor's desk: the list, a patient with the conclusion, and the moves."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medet.flows.conclude import Next, conclude
from medet.web.asked import Asked
from medet.web.card.card import Opened, card_view
from medet.web.card.household import household
from medet.web.card.search import search_of, search_posted
from medet.web.doctor.conclusion import decision_of, form_of, view_of
from medet.web.doctor.forms import ConclusionForm
from medet.web.doctor.moves import MOVES
from medet.web.doctor.work import Work, actions_of, conclusion_of, held_box, work_on
from medet.web.doctor.worklist import ALL, TABS, Place, address_of, queue
from medet.web.moves import carried_out
from medet.web.parts.handed import handed_boxes
from medet.web.parts.opened import opened
from medet.web.parts.shown import shown_of

Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: Asked) -> HttpResponse:
    """The list alone, nobody chosen; a search is posted here."""
    if request.method == "POST":
        return search_posted(request, "doctor:desk")
    place = _place(request)
    context = {"queue": queue(request, place), "search_url": reverse("doctor:desk"), "q": place.search.words}
    template = "doctor/_queue.html" if request.htmx.target == "queue" else "doctor/desk.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Asked, uid: UUID) -> HttpResponse:
    """A patient; the conclusion and every move are posted here."""
    place = replace(_place(request), person=uid)
    if request.htmx.target == "queue" and request.method != "POST":
        return render(request, "doctor/_queue.html", {"queue": queue(request, place)})
    work = work_on(request, opened(request, uid, desk="doctor"), place)
    if request.method != "POST":
        return _page(request, work)
    return _move(request, work) if "move" in request.POST else _conclude(request, work)


def _conclude(request: Asked, work: Work) -> HttpResponse:
    amends = conclusion_of(work, request.GET.get("amend", ""))
    form = form_of(work, request, amends)
    decision = decision_of(form, work, request, amends) if form.is_valid() else None

    def move() -> None:
        work.check_free(request.actor)
        if decision:
            conclude(case=work.seen(), decision=decision, by=request.actor, now=request.now)

    if decision is None or not carried_out(form, move):
        return _page(request, work, form)
    messages.success(request, SAID[decision.then]())
    return redirect(work.url)


SAID = {
    Next.GO_ON: lambda: _("The conclusion is recorded."),
    Next.VISIT: lambda: _("The conclusion is recorded and the home visit is sent."),
    Next.END: lambda: _("The conclusion is recorded and the observation is ended."),
}


def _move(request: Asked, work: Work) -> HttpResponse:
    move = MOVES.get(request.POST["move"])
    if move is None:
        raise Http404
    messages.success(request, move(request, work))
    return redirect(work.url)


def _page(request: Asked, work: Work, faulty: ConclusionForm | None = None) -> HttpResponse:
    card = Opened.of(
        work.person,
        actor=request.actor,
        now=request.now,
        url=work.url,
        actions=actions_of(work, request.actor),
        notes=[*held_box(work, request.actor), *handed_boxes(work.tasks)],
        household=household(request, work.person, lambda other: address_of(other, work.place)),
    )
    context: Context = {"card": card_view(card), "search_url": reverse("doctor:desk"), "q": work.place.search.words}
    if request.htmx.target == "main":
        return render(request, "doctor/_card.html", context)
    context |= _side(request, work, faulty)
    # A row that was clicked changes the middle and the right side; only a move changes the list as well.
    clicked = (request.htmx.trigger or "").startswith("row-")
    context["queue"] = None if clicked else queue(request, work.place)
    return render(request, "doctor/desk.html", context, status=422 if faulty else 200)


def _side(request: Asked, work: Work, faulty: ConclusionForm | None) -> Context:
    amends = conclusion_of(work, request.GET.get("amend", ""))
    wanted = faulty or amends or request.GET.get("new") or work.alerts or work.tasks or work.last is None
    if not (work.at_home and wanted):
        return {"conclusion": view_of(work.last, work, request) if work.last else None}
    return {
        "form": faulty or form_of(work, request, amends),
        "form_url": request.get_full_path(),
        "amends": _("version %(number)d") % {"number": amends.version + 1} if amends else "",
        "holder": work.holder(request.actor),
        "shown": shown_of(work.alerts),
    }


def _place(request: Asked) -> Place:
    """Tab, page and search as the address says them; nonsense is the beginning of the whole list."""
    tab = request.GET.get("tab", ALL)
    return Place(tab if tab in TABS else ALL, after=request.GET.get("after", ""), search=search_of(request))
