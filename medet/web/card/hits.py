"""A person in a list of people found: until the card is opened, which is audited, only what tells people apart."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from medet.base import names, phones
from medet.people.find import Found
from medet.people.models import Person
from medet.people.queries import districts_of, first_numbers_of, masked_number
from medet.web.parts.shapes import Pill, QueueRow


def rows_of(found: Found, *, current: UUID | None, url_of: Callable[[Person], str]) -> list[QueueRow]:
    """Initials, year of birth, masked numbers and the district."""
    roots = [person.root_id for person in found.people]
    numbers, districts = first_numbers_of(roots), districts_of(roots)
    return [
        QueueRow(
            uid=str(person.uid),
            url=url_of(person),
            name=names.initials(person.family_name, person.given_name, person.patronymic),
            age="",
            band=_pill(is_open=person.root_id in found.open_roots),
            reason=_born(person),
            meta=_told_apart(person, numbers.get(person.root_id, ""), districts.get(person.root_id)),
            current=person.uid == current,
        )
        for person in found.people
    ]


def _pill(*, is_open: bool) -> Pill:
    return Pill("brand", "user", _("Open case")) if is_open else Pill("grey", "user", _("Person"))


def _born(person: Person) -> str:
    born = person.birth_date
    return _("born in %(year)s") % {"year": born.year} if born else _("birth date not known")


def _told_apart(person: Person, number: str, district: object) -> tuple[str, ...]:
    parts = (masked_number(person), phones.masked(number) if number else "", str(district or ""))
    return tuple(part for part in parts if part)
