"""The operator's desk: the list alone, a person with the forms, and the switch of the robot calls."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medet.flows.day_campaign import steer_campaign
from medet.flows.stop_robot import stop_every_robot
from medet.flows.take_patient import next_patient
from medet.web.asked import Asked, came_from
from medet.web.card.search import search_of, search_posted
from medet.web.operator import panels, robot
from medet.web.operator.moves import MOVES
from medet.web.operator.today import own_today
from medet.web.operator.work import Work, lock_time, work_on
from medet.web.operator.worklist import ALL, TABS, Place, queue, tasks_of
from medet.web.parts.opened import opened
from medet.web.parts.stopping import MOVE

Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: Asked) -> HttpResponse:
    """The list alone, nobody chosen; a search is posted here, and the wish for the next patient."""
    if request.method == "POST":
        return _next(request) if "next" in request.POST else search_posted(request, "operator:desk")
    if request.htmx.target == "queue":
        return _list(request, _place(request))
    return render(request, "operator/desk.html", _frame(request, _place(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Asked, uid: UUID) -> HttpResponse:
    """A person of the list with the card and the forms; every move is posted here."""
    if request.htmx.target == "queue" and request.method != "POST":
        return _list(request, _place(request, uid))
    work = work_on(opened(request, uid, desk="operator"), _place(request), by=request.actor, now=request.now)
    if request.method == "POST":
        return _move(request, work)
    return _page(request, work, request.GET.get("form", ""))


def _next(request: Asked) -> HttpResponse:
    """The gravest patient nobody works on is taken and opened."""
    lock = lock_time(request.now)
    who = next_patient(waiting=tasks_of(request.actor), by=request.actor, now=request.now, lock=lock)
    if who is None:
        messages.info(request, _("Nobody waits: everybody in the list is in somebody's hands."))
        return redirect("operator:desk")
    return redirect("operator:person", uid=who.uid)


def _list(request: Asked, place: Place) -> HttpResponse:
    return render(request, "operator/_queue.html", {"queue": queue(request, place)})


@require_POST
def switch_robot(request: Asked) -> HttpResponse:
    """Pauses, resumes or stops today's robot calls; or stops every robot call, whatever rings."""
    if request.POST.get("move") == MOVE:
        stop_every_robot(by=request.actor, now=request.now)
        messages.success(request, _("Every robot call is stopped. Telephones that ring are taken back."))
        is_new = came_from(request).startswith(reverse("operator:new"))
        return redirect("operator:new" if is_new else "operator:desk")
    campaign = robot.campaign_of(request.actor, now=request.now)
    if campaign is None:
        raise Http404
    to = robot.target(request.POST.get("move", ""))
    moved = steer_campaign(campaign_id=campaign.pk, to=to, by=request.actor, now=request.now)
    messages.success(request, _("Robot calls: %(state)s.") % {"state": moved.get_state_display().lower()})
    return redirect("operator:desk")


def _move(request: Asked, work: Work) -> HttpResponse:
    move, side = MOVES.get(request.POST.get("move", ""), (None, ""))
    if move is None:
        raise Http404
    outcome = move(request, work)
    if isinstance(outcome, forms.Form):
        return _page(request, work, side, outcome)
    messages.success(request, outcome)
    if request.htmx:
        return _page(request, work_on(work.person, work.place, by=request.actor, now=request.now), "")
    return redirect(work.url())


def _page(request: Asked, work: Work, asked: str, faulty: forms.Form | None = None) -> HttpResponse:
    side = work.side(asked)
    context = panels.card(request, work) | panels.side(request, work, side, faulty)
    if request.htmx.target == "main":
        return render(request, "operator/_card.html", context)
    # A row that was clicked changes the middle and the right side; only a move changes the list as well.
    clicked = (request.htmx.trigger or "").startswith("row-")
    context |= _frame(request, None if clicked else work.place)
    return render(request, "operator/desk.html", context, status=422 if faulty else 200)


def _frame(request: Asked, place: Place | None) -> Context:
    return {
        "queue": queue(request, place) if place else None,
        "robot": robot.menu(request.actor, now=request.now),
        "own_today": own_today(request),
        "search_url": reverse("operator:desk"),
        "q": place.search.words if place else "",
    }


def _place(request: Asked, person: UUID | None = None) -> Place:
    """The place in the list as the address says it; nonsense is the beginning."""
    tab = request.GET.get("tab", ALL)
    asked = request.GET
    return Place(tab if tab in TABS else ALL, asked.get("after", ""), person, search_of(request))
