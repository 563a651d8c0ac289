"""How a person is reached: what is known of each number, a new one, and the actual address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medet.base import phones
from medet.people.models import Phone
from medet.people.queries import address_of, phones_of
from medet.people.states import PhoneState, Whose
from medet.places.queries import districts
from medet.web.operator.forms import AddressForm, PhoneForm
from medet.web.operator.work import Work
from medet.web.parts.shapes import Pill, Tone

MARKS: dict[str, tuple[Tone, str]] = {
    PhoneState.CHECKED: ("green", "circle-check"),
    PhoneState.BAD: ("red", "phone-off"),
    PhoneState.DO_NOT_CALL: ("red", "ban"),
}
# Name of the move -> what it makes of a number.
STATES = {"phone_works": PhoneState.CHECKED, "phone_bad": PhoneState.BAD, "phone_never": PhoneState.DO_NOT_CALL}


@dataclass(frozen=True)
class Line:
    """One number as the operator sees it."""

    number: str
    tel: str
    whose: str
    state: Pill
    url: str


def lines(work: Work) -> list[Line]:
    """All numbers, best first."""
    return [_line(row, work) for row in phones_of(work.person)]


def _line(row: Phone, work: Work) -> Line:
    tone, icon = MARKS.get(row.state, ("grey", "phone"))
    return Line(
        number=phones.display(row.number),
        tel=f"tel:{row.number}",
        whose=str(Whose(row.whose).label),
        state=Pill(tone, icon, str(PhoneState(row.state).label)),
        url=work.url(phone=str(row.uid), form="phones"),
    )


def phone_form(posted: Mapping[str, Any] | None = None) -> PhoneForm:
    """A new number; most often the person's own."""
    return PhoneForm(posted, initial={"whose": Whose.OWN})


def address_form(work: Work, posted: Mapping[str, Any] | None = None) -> AddressForm:
    """The actual address as it is known."""
    known = address_of(work.person)
    parts = ("street", "house", "flat", "entrance", "floor", "intercom")
    initial = {part: getattr(known, part) for part in parts} | {"district": known.district.kato} if known else {}
    return AddressForm(posted, initial=initial, districts=[(row.kato, row.name) for row in districts()])
