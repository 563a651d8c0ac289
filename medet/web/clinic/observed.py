"""Whom a centre observes at home of the clinic's people, as shapes for the screen; a row opens nothing but its fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import phones, wording
from medet.handovers.models import Observed
from medet.handovers.observed import Street, after, streets, under_observation
from medet.handovers.states import ContactToday
from medet.monitoring.queries import newest_file
from medet.people.models import Address
from medet.people.queries import diallable_numbers_of
from medet.web.asked import Asked
from medet.web.clinic.pages import DOOR, OBSERVED, list_url
from medet.web.parts.people import short_age, short_name
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Fact, Pill, Tone
from medet.web.parts.words import day_of

PAGE = 100
PILLS: dict[str, tuple[Tone, str]] = {
    ContactToday.TRYING: ("amber", "phone-off"),
    ContactToday.DOCTOR: ("brand", "stethoscope"),
    ContactToday.WAITING: ("grey", "clock"),
    ContactToday.NOTHING: ("grey", "circle"),
    ContactToday.SPOKEN: ("green", "circle-check"),
}


@dataclass(frozen=True)
class ObservedRow:
    """One person under observation: what stands in the list, and what its fold shows."""

    uid: str
    name: str
    age: str
    address: str
    programme: str
    day: str
    today: Pill
    visit_url: str
    phone: str
    phone_url: str
    facts: list[Fact]


def listed(request: Asked) -> dict[str, Any]:
    """One page of the list, and the streets it can be narrowed to; who is shown goes to the audit."""
    known = streets(request.actor)
    street = next((one.fold for one in known if one.fold == request.GET.get("street")), "")
    rows = _behind(under_observation(request.actor, street=street, now=request.now), request.GET.get("after", ""))
    page = list(rows[: PAGE + 1])
    shown = page[:PAGE]
    seen(request, [row.person_id for row in shown], desk="clinic")
    start = _url(street)
    return {
        "rows": _rows(shown, now=request.now),
        "people": sum(one.people for one in known),
        "streets": _offered(known, street),
        "as_of": wording.time(request.now),
        "start_url": start if request.GET.get("after") else "",
        "more_url": _url(street, f"{shown[-1].rank}.{shown[-1].uid}") if len(page) > PAGE else "",
    }


def _behind(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """What follows the last row of the page before; nonsense is the beginning."""
    try:
        rank, uid = key.split(".")
        return after(rows, rank=int(rank[:2]), uid=UUID(uid))
    except ValueError:
        return rows


def _url(street: str, key: str = "") -> str:
    said = {"street": street, "after": key}
    more = urlencode({name: value for name, value in said.items() if value})
    return f"{list_url(OBSERVED)}&{more}" if more else list_url(OBSERVED)


def _offered(known: Iterable[Street], chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": one.fold, "label": f"{one.name} ({one.people})", "chosen": one.fold == chosen}
        for one in known
        if one.fold
    ]


def _rows(shown: list[Any], *, now: datetime) -> list[ObservedRow]:
    numbers = diallable_numbers_of(row.person_id for row in shown)
    codes = {row.programme_code for row in shown}
    titles = {code: newest_file(code).title.in_language(wording.language()) for code in codes}
    return [_row(row, numbers, titles, now=now) for row in shown]


def _row(row: Any, numbers: Mapping[int, str], titles: Mapping[str, str], *, now: datetime) -> ObservedRow:
    number = numbers.get(row.person_id, "")
    tone, icon = PILLS[row.today]
    return ObservedRow(
        uid=str(row.uid),
        name=short_name(row.person),
        age=short_age(row.person, now=now),
        address=_address(row.address),
        programme=titles[row.programme_code],
        day=day_of(row.started_on, row.planned_end_on, now=now),
        today=Pill(tone, icon, str(ContactToday(row.today).label)),
        visit_url=f"{reverse('clinic:visit', args=[row.visit_uid])}?tab={OBSERVED}" if row.visit_uid else "",
        phone=phones.display(number) if number else "",
        phone_url=f"tel:{number}" if number else "",
        facts=_facts(row),
    )


def _address(address: Address | None) -> str:
    if address is None:
        return _("The address is not known")
    flat = str(DOOR["flat"]) % {"text": address.flat} if address.flat else ""
    return ", ".join(filter(None, (address.street, address.house, flat)))


def _facts(row: Observed) -> list[Fact]:
    facts = [
        Fact(_("Observed until"), wording.day(row.planned_end_on), wide=True),
        Fact(_("Observed by"), row.organisation.name, wide=True),
        Fact(_("At the door"), _door(row.address), wide=True),
    ]
    return [fact for fact in facts if fact.value]


def _door(address: Address | None) -> str:
    if address is None:
        return ""
    said = [str(words) % {"text": text} for name, words in DOOR.items() if (text := getattr(address, name))]
    return ", ".join(filter(None, (*said, address.note)))
