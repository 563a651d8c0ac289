"""How a person is reached: what is known of each number, a new one, and the actual address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medet.base import phones
from medet.people.models import Phone
from medet.people.queries import address_of, phones_of
from medet.people.states import PhoneState, Whose
from medet.places.queries import districts
from medet.web.operator.forms import AddressForm, AllergyForm, PhoneForm, RepresentativeForm
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


# What is written down more rarely: form, title, icon, words of the button.
FOLDS: dict[str, tuple[type[forms.Form], Promise, str, Promise]] = {
    "address": (AddressForm, _("Actual address"), "map-pin", _("Write the address down")),
    "allergy": (AllergyForm, _("Allergy"), "alert-triangle", _("Write the allergy down")),
    "representative": (RepresentativeForm, _("Answers for the patient"), "users", _("Write the name down")),
}


@dataclass(frozen=True)
class Fold:
    """A form behind its title."""

    move: str
    title: str
    icon: str
    button: str
    form: forms.Form
    is_open: bool


def folds(work: Work, faulty: forms.Form | None) -> list[Fold]:
    """The rarer forms; the one that came back with a fault stands open."""
    rows = []
    for move, (kind, title, icon, button) in FOLDS.items():
        wrong = isinstance(faulty, kind)
        empty = address_form(work) if kind is AddressForm else kind()
        rows.append(Fold(move, str(title), icon, str(button), faulty if wrong and faulty else empty, wrong))
    return rows


def phone_form(posted: Mapping[str, Any] | None = None) -> PhoneForm:
    """A new number; most often the person's own."""
    return PhoneForm(posted, initial={"whose": Whose.OWN})


def address_form(work: Work, posted: Mapping[str, Any] | None = None) -> AddressForm:
    """The actual address as it is known."""
    known = address_of(work.person)
    parts = ("street", "house", "flat", "entrance", "floor", "intercom")
    initial = {part: getattr(known, part) for part in parts} | {"district": known.district.kato} if known else {}
    return AddressForm(posted, initial=initial, districts=[(row.kato, row.name) for row in districts()])
