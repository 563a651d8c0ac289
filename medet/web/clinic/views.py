"""The clinic's desk, for a phone: the list of requests and one opened."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medet.handovers.actions import mark_shown
from medet.handovers.models import HomeVisit
from medet.handovers.queries import open_visit, owed
from medet.handovers.states import VisitState
from medet.places.models import Organisation
from medet.web.asked import Asked
from medet.web.clinic import observed, pages
from medet.web.clinic.moves import TARGETS, forms_of, move, sentence
from medet.web.parts.seen import seen

Context = dict[str, Any]


@require_safe
def desk(request: Asked) -> HttpResponse:
    """Requests to do, by the time they are due; or whom a centre observes."""
    if _tab(request) == pages.OBSERVED:
        return _observed(request)
    context = _list(request, None)
    _shown(request, context.pop("unseen"))
    return render(request, "clinic/desk.html", context)


def _observed(request: Asked) -> HttpResponse:
    found = observed.listed(request)
    head = _head(request, pages.OBSERVED, found["people"])
    return render(request, "clinic/observed.html", found | head)


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Asked, uid: UUID) -> HttpResponse:
    """One request; every move is posted here."""
    if request.htmx.target == "queue":
        # The list asks for itself beside an open request: that is no new reading of it.
        context = _list(request, None, current=uid)
        _shown(request, context.pop("unseen"))
        return render(request, "clinic/desk.html", context | {"beside": True})
    found = _opened(request, uid)
    if request.method == "POST":
        return _move(request, found)
    return _page(request, found)


def _opened(request: Asked, uid: UUID) -> HomeVisit:
    found = open_visit(uid=uid, by=request.actor, now=request.now, why="clinic")
    if found.clinic_id not in request.actor.organisation_ids:
        raise Http404
    mark_shown(visit_ids=[found.pk], by=request.actor, now=request.now)
    return found


def _shown(request: Asked, visit_ids: list[int]) -> None:
    """Somebody of the clinic has these before their eyes; a page that nobody can see says so (live.js)."""
    if visit_ids and "Medet-Unseen" not in request.headers:
        mark_shown(visit_ids=visit_ids, by=request.actor, now=request.now)


def _move(request: Asked, found: HomeVisit) -> HttpResponse:
    name = request.POST.get("move", "")
    if name not in TARGETS:
        raise Http404
    faulty = move(found, name, request)
    if faulty:
        return _page(request, found, faulty)
    messages.success(request, sentence(name))
    return redirect(pages.address(found))


def _page(request: Asked, found: HomeVisit, faulty: tuple[str, forms.Form] | None = None) -> HttpResponse:
    context = _list(request, found) | {
        "visit": pages.page(found, request.actor, now=request.now),
        "back_url": pages.list_url(_tab(request), _after(request)),
        **forms_of(found, request, faulty),
    }
    return render(request, "clinic/visit.html", context, status=422 if faulty else 200)


def _list(request: Asked, opened: HomeVisit | None, *, current: UUID | None = None) -> Context:
    tab, after = pages.ENDED if _tab(request) == pages.ENDED else pages.TODO, _after(request)
    shown, more_url = pages.listed(request.actor, tab, after, now=request.now)
    seen(request, [row.person_id for row in shown], desk="clinic")
    here = current or (opened.uid if opened else None)
    return {
        # Beside an opened request the list is not there on a telephone: the page asks for it anew where it is.
        "unseen": [row.pk for row in shown if row.state == VisitState.SENT and row.shown_at is None],
        "visits": [pages.row(row, pages.address(row, tab, after), here, now=request.now) for row in shown],
        "empty": _("No home visits here."),
        "more_url": more_url,
        "start_url": pages.list_url(tab) if after else "",
        **_head(request, tab),
    }


def _head(request: Asked, tab: str, people: int | None = None) -> Context:
    """What stands above each of the lists. Those under observation are counted on their own tab only: it costs more
    than all the rest of a list that renews itself."""
    counts = owed(request.actor, now=request.now)
    return {
        "clinic": ", ".join(place.name for place in _places(request)),
        "tabs": pages.tabs(tab, counts.all, people),
        "overdue": counts.overdue,
        "urgent": counts.not_accepted,
    }


def _places(request: Asked) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=request.actor.organisation_ids).order_by("pk"))


def _tab(request: Asked) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in (pages.OBSERVED, pages.ENDED) else pages.TODO


def _after(request: Asked) -> str:
    """Behind whom the page of the list begins."""
    return request.GET.get("after", "")
