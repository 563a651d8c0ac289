"""What the pages of lists are filled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import iin, names, phones, wording
from medet.base.refused import Refused
from medet.flows.settle_row import Doubt
from medet.monitoring.queries import programmes
from medet.people.models import Person
from medet.people.queries import address_of, masked_number, open_person, phones_of, visible_to
from medet.people.states import Sex
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.records.intake.entry import Entry
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import columns_of, header_of, read_row
from medet.records.intake.states import RowState
from medet.records.queries import last_case
from medet.records.states import CaseState, Pcr
from medet.web.asked import Asked
from medet.web.intake.forms import ColumnsForm, StartForm
from medet.web.parts.shapes import Fact

Posted = Mapping[str, Any] | None


def centre_of(request: Asked) -> Organisation:
    """The telemedicine centre of the reader."""
    mine = Organisation.objects.filter(pk__in=request.actor.organisation_ids, kind=Kind.TELEMEDICINE_CENTRE)
    found = mine.select_related("region").order_by("pk").first()
    if found is None:
        raise Refused("list.not_visible")
    return found


def number(text: str | None) -> int:
    """The number a page begins after; nonsense is the beginning."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def after(rows: QuerySet[IntakeList], key: str) -> QuerySet[IntakeList]:
    """Older lists than the one of the key."""
    return rows.filter(pk__lt=number(key)) if number(key) else rows


def next_url(given: IntakeList, show: str, last: int) -> str:
    """The rows behind the last one shown."""
    return f"{reverse('intake:list', args=[given.uid])}?{f'show={show}&' if show else ''}after={last}"


def next_check(given: IntakeList) -> str:
    """The next row that waits for a decision."""
    row = given.rows.filter(state=RowState.CHECK).order_by("number").first()
    return reverse("intake:row", args=[given.uid, row.number]) if row else ""


def columns_form(given: IntakeList, posted: Posted = None) -> ColumnsForm:
    """The columns as they were understood."""
    return ColumnsForm(posted, initial={"day": given.day}, header=header_of(given), mapping=columns_of(given))


def start_form(posted: Posted = None) -> StartForm:
    """Which programme watches over new cases."""
    known = [(row.code, row.file.title.in_language(wording.language())) for row in programmes()]
    return StartForm(posted, initial={"programme": known[0][0] if known else ""}, programmes=known)


def forms_of(given: IntakeList) -> dict[str, Any]:
    """Forms as they stand before anything is posted."""
    return {"columns_form": columns_form(given), "start_form": start_form()}


@dataclass(frozen=True)
class Registered:
    """Somebody of the register beside a row; the number is empty when there is one only."""

    number: str
    facts: list[Fact]


def both_sides(request: Asked, row: IntakeRow, given: IntakeList, doubt: Doubt) -> dict[str, Any]:
    """What the list says and what the register has of everybody who may be meant, fact beside fact; the look at each
    is audited."""
    read = read_row(row, given, now=request.now)
    listed = _listed(read.entry) if read.entry else []
    several = len(doubt.people) > 1
    found = [
        Registered(str(place) if several else "", _registered(request, person.root))
        for place, person in enumerate(doubt.people, start=1)
    ]
    if not found and "same_name" in row.reasons:
        found = [Registered("", [_elsewhere()])]
    return {"listed": listed, "registered": found}


def _listed(entry: Entry) -> list[Fact]:
    address = ", ".join(part for part in (entry.district, entry.street, entry.house, entry.flat) if part)
    facts = _facts(
        names.full(entry.family_name, entry.given_name, entry.patronymic),
        iin.masked(entry.iin) if entry.iin else entry.document,
        wording.day(entry.birth_date) if entry.birth_date else "",
        str(Sex(entry.sex).label) if entry.sex else "",
        ", ".join(phones.display(one) for one in entry.phones),
        address,
    )
    return [*facts, Fact(_("Sample"), f"{wording.day(entry.taken_on)}, {Pcr(entry.result).label}")]


def _registered(request: Asked, person: Person) -> list[Fact]:
    if not visible_to(request.actor, now=request.now).filter(pk=person.pk).exists():
        return [_elsewhere()]
    known = open_person(uid=person.uid, by=request.actor, now=request.now, why="list")
    address, case = address_of(known), last_case(known)
    facts = _facts(
        known.full_name,
        masked_number(known),
        wording.day(known.birth_date) if known.birth_date else "",
        str(Sex(known.sex).label),
        ", ".join(phones.display(one.number) for one in phones_of(known)),
        f"{address.district.name}, {address.street}, {address.house} {address.flat}".strip() if address else "",
    )
    return [*facts, Fact(_("Case"), str(CaseState(case.state).label))] if case else facts


def _elsewhere() -> Fact:
    return Fact(_("In the register"), _("This person is in the care of another organisation."))


def _facts(name: str, number: str, born: str, sex: str, phones: str, address: str) -> list[Fact]:
    rows = (
        (_("Name"), name),
        (_("Number"), number),
        (_("Born"), born),
        (_("Sex"), sex),
        (_("Telephone"), phones),
        (_("Address"), address),
    )
    return [Fact(label, value or "—") for label, value in rows]
