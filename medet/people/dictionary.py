"""The dictionaries of surnames and given names: which names a typed word may be. Small tables, read by index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from medet.people.models import GivenName, Surname
from medet.people.rules import SHORTEST_FUZZY, Forms, likeness

BEGINNINGS = 40
SURNAMES_NEAR, GIVEN_NAMES_NEAR = 30, 12
INITIAL = 2  # letters that only begin a name: too many names for the dictionary
NO_LETTER_IS_LATER = "\U0010ffff"

# A set of words in one statement. The inner limit keeps a short beginning from reading a whole dictionary.
BEGINNING_SO = """
select distinct known.fold from unnest(%s::text[]) as typed(word) cross join lateral (
  select fold from {table} where fold >= typed.word collate "C" and fold < (typed.word || %s) collate "C"
  order by fold limit %s) known
"""
NEAREST = """
select distinct known.fold from unnest(%s::text[]) as typed(word) cross join lateral (
  select fold from {table} order by fold <-> typed.word limit %s) known
"""
Reading = Sequence[Forms]


@dataclass(frozen=True)
class Known:
    """Names that somebody bears and that a text may mean."""

    surnames: frozenset[str] = field(default_factory=frozenset)
    given_names: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Known") -> "Known":
        return Known(self.surnames | other.surnames, self.given_names | other.given_names)

    def hits(self, reading: Reading) -> int:
        """How many words of a reading begin a known name; initials and short beginnings say nothing."""
        return sum(self._is_name(word) for word in reading)

    def _is_name(self, word: Forms) -> bool:
        names = self.surnames | self.given_names
        return any(form in names or (len(form) > SHORTEST_FUZZY and beginning(form, names)) for form in word)


def beginning(form: str, names: Iterable[str]) -> bool:
    """Whether one of the names begins so."""
    return any(name.startswith(form) for name in names)


def alike(word: Forms, names: Iterable[str]) -> list[str]:
    """The names that a word may mean."""
    return [name for name in names if likeness(word, name) is not None]


def beginnings(readings: Sequence[Reading]) -> Known:
    """Known names that begin with a word of the readings."""
    return _looked_up(BEGINNING_SO, readings, [NO_LETTER_IS_LATER, BEGINNINGS], [NO_LETTER_IS_LATER, BEGINNINGS])


def neighbours(readings: Sequence[Reading]) -> Known:
    """Known names whose letters are most like a word of the readings; the forms of one word are alike themselves."""
    first = [[word[:1] for word in reading] for reading in readings]
    return _looked_up(NEAREST, first, [SURNAMES_NEAR], [GIVEN_NAMES_NEAR])


def _looked_up(
    statement: str, readings: Sequence[Reading], for_surnames: list[str | int], for_given: list[str | int]
) -> Known:
    typed = sorted({form for reading in readings for word in reading for form in word if len(form) > INITIAL})
    surnames = _column(statement.format(table=Surname._meta.db_table), [typed, *for_surnames])
    return Known(surnames, _column(statement.format(table=GivenName._meta.db_table), [typed, *for_given]))


def _column(statement: str, values: list[list[str] | str | int]) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return frozenset(name for (name,) in cursor.fetchall())
