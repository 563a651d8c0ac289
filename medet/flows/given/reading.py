"""A file into rows of named cells; words of three languages into codes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medet.base import yamls
from medet.base.refused import Refused, register
from medet.records.intake.sheet import Limits, Line, Unreadable, read_lines

NAMES = Path(__file__).with_name("columns.yaml")
LIMITS = Limits(rows=5_000, columns=20)
LOOKED_AT, ENOUGH = 10, 2
LANGUAGES = ("kk", "ru", "en")

register(
    {
        "given.columns": _("The first row must name the columns; these are missing: %(missing)s."),
        "given.no_good_row": _("No row of the list can be taken."),
    }
)


@dataclass(frozen=True)
class Given:
    """One row of a list: its number in the file and its cells by the name of the column."""

    number: int
    cells: dict[str, str]


@dataclass
class Checked:
    """A row, what is wrong with it in words, and what would be written; `note`: what else is to be said of it."""

    row: Given
    faults: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    known: bool = False  # everything it says is there already

    @property
    def writes(self) -> bool:
        """Whether taking the row changes anything."""
        return not self.faults and not self.known


def read_given(data: bytes, *, kind: str, needed: Iterable[str]) -> list[Given]:
    """Every row below the names of the columns."""
    try:
        lines = read_lines(data, LIMITS)
    except Unreadable as fault:
        raise Refused(fault.code, n=LIMITS.rows) from fault
    head, columns = _header(lines, names_of(kind))
    missing = [name for name in needed if name not in columns.values()]
    if missing:
        raise Refused("given.columns", missing=", ".join(names_of(kind)[name][0] for name in missing))
    return [
        Given(line.number, {name: line.cells[place] for place, name in columns.items()}) for line in lines[head + 1 :]
    ]


def _header(lines: list[Line], names: Mapping[str, list[str]]) -> tuple[int, dict[int, str]]:
    known = {plain(word): name for name, words in names.items() for word in words}
    found = [
        {place: known[plain(cell)] for place, cell in enumerate(line.cells) if plain(cell) in known}
        for line in lines[:LOOKED_AT]
    ]
    best = max(range(len(found)), key=lambda place: len(found[place]))
    return best, found[best] if len(found[best]) >= ENOUGH else {}


@cache
def names_of(kind: str) -> dict[str, list[str]]:
    """Field -> what people call its column."""
    listed: dict[str, dict[str, list[str]]] = yamls.read(NAMES)
    return listed[kind]


def plain(text: str) -> str:
    """For comparing: small letters and digits, single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))


@cache
def words_of(choices: type[TextChoices]) -> dict[str, str]:
    """Every word for a choice, in all languages, and its code."""
    found = {plain(value): value for value in choices.values}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {plain(str(label)): value for value, label in choices.choices}
    return found


def languages(text: str) -> list[str] | None:
    """`казахский, ru` -> kk, ru; None when a word is no language."""
    known = {plain(word): code for code, words in names_of("languages").items() for word in words}
    words = [plain(word) for word in re.split(r"[,;/+]|\s+и\s+|\s+және\s+|\s+and\s+|\s+", text) if plain(word)]
    return [known[word] for word in words] if all(word in known for word in words) else None
