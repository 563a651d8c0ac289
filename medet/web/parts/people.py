"""How a person is named in lists and headings."""

from datetime import datetime

from medet.base import clock, names, wording
from medet.people.models import Person

CHILD = 2


def short_name(person: Person) -> str:
    """Family and given name: the patronymic stands in the card only."""
    return names.short(person.family_name, person.given_name)


def short_age(person: Person, *, now: datetime) -> str:
    """`67`; months and days of a small child in words; empty when the birth date is not known."""
    if person.birth_date is None:
        return ""
    today = clock.local_day(now)
    years = wording.years(person.birth_date, on=today)
    return str(years) if years >= CHILD else wording.age(person.birth_date, on=today)
