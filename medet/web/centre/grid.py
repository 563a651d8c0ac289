"""The context of the rota page: strip, grid, list for a narrow window, and the forms beside them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from medet.base import wording
from medet.base.clock import LOCAL, local_day
from medet.staff.models import Duty, Need, User
from medet.staff.rota.coverage import Gap, duty_now, gaps
from medet.staff.rota.queries import asked_about, duties, needs
from medet.staff.rota.states import ROSTERED
from medet.staff.states import Role
from medet.web.asked import Asked
from medet.web.centre import week
from medet.web.centre.place import Place, choices_of
from medet.web.centre.rota_forms import GiveForm, NeedForm, PlanForm, first_values
from medet.web.parts.shapes import Fact, Pill, Tab

Context = dict[str, Any]
Posted = Mapping[str, Any] | None
AHEAD = timedelta(days=7)
KEYS = ("KeyO", "KeyD", "KeyS")


def context_of(request: Asked, place: Place, duty: Duty | None, faulty: forms.Form | None = None) -> Context:
    """Everything of the page; a form that came back with faults takes the place of the empty one."""
    since, until = week.edges(place.monday)
    rows = list(duties(place.organisation.pk, since=since, until=until).filter(role=place.role))
    short = [gap for gap in _gaps(place, since, until) if gap.role == place.role]
    people = _people(request, place, rows)
    return {
        "place": place,
        "title": _title(place),
        "tabs": _tabs(place),
        "earlier_url": place.url(weeks=-1),
        "later_url": place.url(weeks=1),
        "this_url": Place(place.organisation, _this_monday(request), place.role).url(),
        "missing": missing(request, place),
        "now": on_duty_now(request, place),
        "days": [_day(day, short, request) for day in week.days_of(place.monday)],
        "rows": [_row(user, rows, place, duty) for user in people],
        "list": _list(rows, place, duty),
        "chosen": _chosen(request, place, duty) if duty else None,
        "plan_form": faulty if isinstance(faulty, PlanForm) else plan_form(request, place),
        "give_form": faulty if isinstance(faulty, GiveForm) else give_form(request, place, duty),
        "need_form": faulty if isinstance(faulty, NeedForm) else need_form(request, place),
        "needs": need_words(needs(place.organisation.pk, now=request.now), place.role),
        "open_need": isinstance(faulty, NeedForm),
        "faulty": faulty,
        "here": request.get_full_path(),
    }


def _this_monday(request: Asked) -> date:
    today = local_day(request.now)
    return today - timedelta(days=today.weekday())


def _title(place: Place) -> str:
    last = place.monday + timedelta(days=6)
    return f"{wording.day_and_month(place.monday)} – {wording.day_and_month(last)}"


def _tabs(place: Place) -> list[Tab]:
    return [
        Tab(
            str(Role(role).label),
            Place(place.organisation, place.monday, Role(role)).url(),
            current=role == place.role,
            key=key,
        )
        for role, key in zip(ROSTERED, KEYS, strict=True)
    ]


def _gaps(place: Place, since: Any, until: Any) -> list[Gap]:
    return gaps(organisation_id=place.organisation.pk, since=since, until=until)


def missing(request: Asked, place: Place) -> list[week.Missing]:
    """What is short within a week from now on, of every role."""
    found = _gaps(place, request.now, request.now + AHEAD)
    return [_missing(gap, request, place) for gap in found]


def _missing(gap: Gap, request: Asked, place: Place) -> week.Missing:
    starts, ends = gap.starts_at.astimezone(LOCAL), gap.ends_at.astimezone(LOCAL)
    monday = starts.date() - timedelta(days=starts.weekday())
    url = Place(place.organisation, monday, Role(gap.role)).url(
        day=starts.date().isoformat(), starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}"
    )
    return week.Missing(week.gap_pill(gap, now=request.now), week.gap_hours(gap, now=request.now), url)


def on_duty_now(request: Asked, place: Place) -> list[tuple[str, Pill]]:
    """Who answers now, a line a role."""
    lines = []
    for role in ROSTERED:
        found = duty_now(role=Role(role), organisation_id=place.organisation.pk, now=request.now)
        words = week.on_duty_words(found, now=request.now)
        lines.append((str(Role(role).label), Pill(week.on_duty_tone(found), "user-check", words)))
    return lines


def _people(request: Asked, place: Place, rows: Iterable[Duty]) -> list[User]:
    """Who holds the role, and who is still in the week without it."""
    people = place.people(request)
    known = {user.pk for user in people}
    return [*people, *{row.user_id: row.user for row in rows if row.user_id not in known}.values()]


def _day(day: date, short: Iterable[Gap], request: Asked) -> week.Day:
    return week.Day(
        iso=day.isoformat(),
        words=f"{wording.weekday(day, short=True)} {day.day}",
        long=f"{wording.weekday(day)}, {wording.day_and_month(day)}",
        today=day == local_day(request.now),
        short=week.short_on(day, short),
    )


def _row(user: User, rows: Sequence[Duty], place: Place, chosen: Duty | None) -> week.Row:
    mine = [row for row in rows if row.user_id == user.pk]
    cells = [_cell(user, mine, day, place, chosen) for day in week.days_of(place.monday)]
    return week.Row(week.short_name(user), week.total_words(mine), cells)


def _cell(user: User, mine: Sequence[Duty], day: date, place: Place, chosen: Duty | None) -> week.Cell:
    name, long = str(user), wording.day_and_month(day)
    cell = week.Cell(place.url(day=day.isoformat(), user=str(user.uid)), f"{_('Plan')}: {name}, {long}")
    for duty in mine:
        cell.bars += week.bars(duty, day)
        if local_day(duty.starts_at) == day:
            cell.chips.append(chip(duty, place, chosen))
    return cell


def chip(duty: Duty, place: Place, chosen: Duty | None) -> week.Chip:
    """A duty that can be opened."""
    return week.Chip(
        url=place.url(duty=str(duty.uid)),
        words=week.hours_words(duty),
        label=f"{duty.user}, {week.duty_words(duty)}",
        languages=week.spoken_words(duty.languages),
        current=chosen is not None and chosen.pk == duty.pk,
    )


def _list(rows: Sequence[Duty], place: Place, chosen: Duty | None) -> list[tuple[str, list[tuple[str, week.Chip]]]]:
    """Day by day, for a narrow window."""
    days = [(day, [row for row in rows if local_day(row.starts_at) == day]) for day in week.days_of(place.monday)]
    return [
        (
            f"{wording.weekday(day)}, {wording.day_and_month(day)}",
            [(week.short_name(row.user), chip(row, place, chosen)) for row in found],
        )
        for day, found in days
    ]


def _chosen(request: Asked, place: Place, duty: Duty) -> Context:
    """The duty that was opened: facts, and what may be done with it."""
    swap = asked_about(duty)
    facts = [
        Fact(_("Who"), str(duty.user), strong=True),
        Fact(_("When"), week.duty_words(duty)),
        Fact(_("Languages"), week.spoken_words(duty.languages)),
    ]
    if swap:
        facts.append(Fact(_("Swap"), _("%(name)s was asked to take it") % {"name": swap.colleague}))
    return {"facts": facts, "url": place.url(duty=str(duty.uid)), "open": duty.ends_at > request.now}


def plan_form(request: Asked, place: Place, posted: Posted = None) -> PlanForm:
    """Empty, or filled from the cell or the gap that was chosen."""
    today = local_day(request.now)
    first = first_values(max(place.monday, today) if today < place.monday + timedelta(days=7) else place.monday)
    given: dict[str, Any] = {key: request.GET[key] for key in ("user", "starts", "ends") if key in request.GET}
    with suppress(ValueError):
        given["day"] = date.fromisoformat(request.GET.get("day", ""))
    return PlanForm(posted, initial=first | given, people=choices_of(place.people(request)))


def give_form(request: Asked, place: Place, duty: Duty | None, posted: Posted = None) -> GiveForm:
    """Everybody else of the role."""
    others = [user for user in place.people(request) if duty is None or user.pk != duty.user_id]
    return GiveForm(posted, people=choices_of(others))


def need_form(request: Asked, place: Place, posted: Posted = None) -> NeedForm:
    """From tomorrow on, the usual day."""
    days = [(str(number), name) for number, name in enumerate(_weekdays(), start=1)]
    languages = [("", _("any language")), *wording.LANGUAGE_LABELS.items()]
    first = {"starts": time(8), "ends": time(20), "count": 1, "valid_from": local_day(request.now) + timedelta(days=1)}
    return NeedForm(posted, initial=first, weekdays=days, languages=languages)


def _weekdays() -> list[str]:
    """Monday to Sunday, short."""
    return [wording.weekday(date(2024, 1, day), short=True) for day in range(1, 8)]


def need_words(rows: Iterable[Need], role: Role) -> list[str]:
    """`Mon, Tue 08:00–20:00: 2, Kazakh`: the same times of several weekdays together."""
    together: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        if row.role == role:
            key = (row.starts, row.ends, row.count, row.language, row.valid_from, row.valid_to)
            together.setdefault(key, []).append(row.weekday)
    names = _weekdays()
    return [_need(key, [names[weekday - 1] for weekday in weekdays]) for key, weekdays in together.items()]


def _need(key: tuple[Any, ...], days: Sequence[str]) -> str:
    starts, ends, count, language, valid_from, _until = key
    when = _("every day") if len(days) == 7 else ", ".join(days)
    said = f"{when} {starts:%H:%M}–{ends:%H:%M}: {count}"
    said += f", {wording.LANGUAGE_LABELS[language]}" if language else ""
    return f"{said} · {_('since %(day)s') % {'day': wording.day_and_month(valid_from)}}"
