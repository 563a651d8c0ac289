"""The centre's morning: what is not closed, not reached, overdue, short and silent, each with the way to its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medet.base import wording
from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.pulse import is_alive
from medet.base.scope import scope
from medet.contacts.campaigns.queries import campaigns_of, standing_stops
from medet.contacts.line.queries import prefixes
from medet.contacts.staff_calls.queries import duty_gaps
from medet.places.models import Organisation
from medet.places.queries import primary_care
from medet.reports.morning import STANDINGS, Figure, after, figures, key_of, rows_of, split
from medet.staff.rota.coverage import gaps
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState
from medet.web.asked import Asked
from medet.web.centre import week
from medet.web.centre.grid import AHEAD
from medet.web.centre.place import organisation_of
from medet.web.centre.robot import shown
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import WORDS, programmes_of, reason_of
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Pill
from medet.web.parts.stopping import stop_words
from medet.web.parts.visits import state_pill

PAGE, NAMED = 100, 3


@dataclass(frozen=True)
class Number:
    """A figure as it is shown: against yesterday, and where its rows are."""

    title: str
    how: str
    count: str
    change: str
    url: str
    grew: bool


@require_safe
def page(request: Asked) -> HttpResponse:
    """One page, everything of it now."""
    organisation = organisation_of(request)
    short = gaps(organisation_id=organisation.pk, since=request.now, until=request.now + AHEAD)
    context: dict[str, Any] = {
        "numbers": [_number(figure) for figure in figures(by=request.actor, now=request.now)],
        "clinics": [_number(figure) for figure in split("late_visits", by=request.actor, now=request.now)],
        "gaps": [(week.gap_pill(gap, now=request.now), week.gap_hours(gap, now=request.now)) for gap in short],
        "robot": [*_robot(request), _duty(organisation)],
        "trunk": _trunk(request),
    }
    return render(request, "centre/morning.html", context)


@require_safe
def rows(request: Asked) -> HttpResponse:
    """What a figure counts, who waits longest first, a page at a time."""
    code, part = request.GET.get("figure", ""), request.GET.get("part", "")
    found = rows_of(code, part=_uid(part), by=request.actor, now=request.now)
    page = list(after(found, code, request.GET.get("after", ""))[: PAGE + 1])
    listed = page[:PAGE]
    seen(request, [row.person_id for row in listed if row.person_id], desk="morning")
    standing = STANDINGS[code]
    context = {
        "title": standing.title,
        "part": str(listed[0].clinic) if part and listed else "",
        "how": standing.how,
        "count": wording.number(found.count()),
        "rows": _rows(listed, code, request),
        "more_url": _rows_url(code, part, key_of(code, listed[-1])) if len(page) > PAGE else "",
        "start_url": _rows_url(code, part) if request.GET.get("after") else "",
    }
    return render(request, "centre/morning_rows.html", context)


def _uid(part: str) -> str:
    try:
        return str(UUID(part)) if part else ""
    except ValueError as nonsense:
        raise Http404 from nonsense


def _number(figure: Figure) -> Number:
    standing, grew = STANDINGS[figure.code], figure.now - figure.before
    return Number(
        title=str(figure.part or standing.title),
        how=str(standing.how),
        count=wording.number(figure.now),
        change=_change(grew),
        url=_rows_url(figure.code, str(figure.part.uid) if figure.part else ""),
        grew=grew > 0,
    )


def _rows_url(code: str, part: str = "", key: str = "") -> str:
    asked = {name: value for name, value in (("figure", code), ("part", part), ("after", key)) if value}
    return f"{reverse('centre:morning_rows')}?{urlencode(asked)}"


def _change(grew: int) -> str:
    if not grew:
        return _("as yesterday")
    words = {"n": wording.number(abs(grew))}
    return _("%(n)s more than yesterday") % words if grew > 0 else _("%(n)s fewer than yesterday") % words


def _robot(request: Asked) -> list[tuple[str, Pill, str]]:
    """The process, the stop, and each campaign of today."""
    alive = is_alive("phone", now=request.now)
    word = _("telephone process works") if alive else _("telephone process is silent")
    lines = [(_("Robot"), Pill("green" if alive else "red", "robot" if alive else "phone-off", word), "")]
    places = request.actor.organisation_ids
    stops = standing_stops(places)
    if stops:
        words = stop_words(stops, places=len(places), now=request.now)
        lines.append((_("Stop of the robot"), Pill("red", "phone-off", words), reverse("centre:robot")))
    for row in campaigns_of(request.actor.organisation_ids, on=local_day(request.now)):
        card = shown.card(row, request.actor, now=request.now, current=False)
        state = Pill(card.state.tone, card.state.icon, f"{card.state.word} · {card.ended} / {card.people}")
        lines.append((card.name, state, card.url))
    return lines


def _duty(centre: Organisation) -> tuple[str, Pill, str]:
    """Clinics of the region that the robot cannot ring when nobody looks at a new request."""
    clinics = primary_care(centre.region)
    with scope(WORKER):  # when a clinic was rung is the clinic's row; no patient is in it
        gaps = duty_gaps(clinics, allowed=prefixes())
    names = [clinic.name for clinic in clinics if clinic.pk in gaps]
    if not names:
        return _("Telephones on duty of clinics"), Pill("green", "phone", _("all can be rung")), ""
    words = _("cannot be rung: %(names)s") if len(names) <= NAMED else _("cannot be rung: %(names)s and %(n)d more")
    said = words % {"names": ", ".join(names[:NAMED]), "n": len(names) - NAMED}
    return _("Telephones on duty of clinics"), Pill("amber", "phone-off", said), ""


def _trunk(request: Asked) -> list[tuple[Pill, str]]:
    """What is wrong with the telephone, as tasks say it; nothing is a good sign."""
    open_ones = Task.objects.filter(
        organisation_id__in=request.actor.organisation_ids, kind=TaskKind.TRUNK, state=TaskState.OPEN
    )
    return [
        (Pill("red", "phone-off", str(WORDS.get(task.reason, ""))), wording.near(task.opened_at, now=request.now))
        for task in open_ones.order_by("opened_at")
    ]


@dataclass(frozen=True)
class Waiting:
    """One row of a figure's list."""

    name: str
    age: str
    url: str
    since: str
    what: str


def _rows(listed: Sequence[Any], code: str, request: Asked) -> list[Waiting]:
    since, tasks = STANDINGS[code].since, listed if code == "late_tasks" else []
    programmes = programmes_of(tasks)
    return [
        Waiting(
            name=short_name(row.person) if row.person else str(TaskKind(row.kind).label),
            age=short_age(row.person, now=request.now) if row.person else "",
            url=reverse("operator:person", args=[row.person.uid]) if row.person else "",
            since=wording.near(getattr(row, since), now=request.now),
            what=_what(row, code, programmes),
        )
        for row in listed
    ]


def _what(row: Any, code: str, programmes: Any) -> str:
    if code == "late_tasks":
        return reason_of(row, programmes)
    if code == "not_reached":
        return str(row.get_state_display())
    return f"{row.clinic} · {state_pill(row.state).word}"
