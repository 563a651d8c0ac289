"""The showcase: open in the demo and in tests only."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from medet.web.parts.live import live_url
from medet.web.parts.shapes import Pill, Stat, UserMenu, WorkMenu
from medet.web.parts.shell import make
from medet.web.showcase import clinic as visits
from medet.web.showcase import desks
from medet.web.showcase.components import components
from medet.web.showcase.people import say

View = Callable[[HttpRequest], HttpResponse]


def shown(view: View) -> View:
    """404 unless the settings show it; read at each request, so that a test can switch it on."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.SHOWCASE:
            raise Http404
        return view(request)

    return guarded


def page(request: HttpRequest, template: str, context: desks.Context, *, role: str, place: str) -> HttpResponse:
    """A page in its frame, with a made-up member of staff; `?live=1` also listens to the push process."""
    user = UserMenu("Айгүл Т.", role, place)
    work = WorkMenu(Pill("green", "circle-check", say("Жұмыста", "На смене", "On shift")), is_on=True)
    stats = (Stat(say("Кезекте", "В очереди", "Waiting"), "3"), Stat(say("Дәрігерлер", "Врачи", "Doctors"), "8 / 12"))
    shell = make(request, user=user, stats=stats)
    # `?live=1` listens to the push process without signing in.
    shell = replace(shell, demo=True, work=work, live_url=live_url(request) if "live" in request.GET else "")
    status = 422 if request.method == "POST" else 200
    return render(request, template, context | {"shell": shell}, status=status)


def _centre() -> str:
    return say("Телемедицина орталығы, Алматы", "ТМЦ Алматы", "Telemedicine centre, Almaty")


@shown
def index(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    messages.success(request, say("Сақталды.", "Сохранено.", "Saved."))
    return page(request, "showcase/index.html", components(), role="", place=_centre())


@shown
def operator(request: HttpRequest) -> HttpResponse:
    """The operator's desk; a POST comes back with its faults."""
    context = desks.operator(request.path, side=request.GET.get("form", "visit"), posted=request.POST or None)
    return page(request, "operator/desk.html", context, role=say("Оператор", "Оператор", "Operator"), place=_centre())


@shown
def doctor(request: HttpRequest) -> HttpResponse:
    """The doctor's desk; `?recorded=1` shows the recorded conclusion."""
    context = desks.doctor(request.path, recorded="recorded" in request.GET, posted=request.POST or None)
    return page(request, "doctor/desk.html", context, role=say("Дәрігер", "Врач", "Doctor"), place=_centre())


@shown
def clinic(request: HttpRequest) -> HttpResponse:
    """The clinic's list; `?visit=0` opens one."""
    opened = "visit" in request.GET
    template = "clinic/visit.html" if opened else "clinic/desk.html"
    place = say("№ 17 емхана", "ГП № 17", "Clinic 17")
    return page(
        request,
        template,
        visits.clinic(request.path, opened=opened),
        role=say("Емхана", "Поликлиника", "Clinic"),
        place=place,
    )


@shown
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    shell = replace(make(request), demo=True)
    return render(request, "account/sign_in.html", desks.sign_in() | {"shell": shell})


@shown
def refused(request: HttpRequest) -> HttpResponse:
    """A refused move."""
    sentence = say(
        "Бұл шақыруды басқа қызметкер қабылдап қойды.",
        "Этот вызов уже принял другой сотрудник.",
        "A colleague has already accepted this visit.",
    )
    return page(request, "parts/refused.html", {"sentence": sentence}, role="", place=_centre())
