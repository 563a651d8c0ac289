"""Which column holds what: header names in three languages in any order, as data. Pure, no Django."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from medet.base.yamls import read
from medet.records.intake.sheet import Line

NAMES = Path(__file__).parent / "data" / "columns.yaml"
ENOUGH, LOOKED_AT = 2, 30


@cache
def _fields() -> dict[str, str]:
    """Name of a column as it is compared -> field."""
    listed: dict[str, list[str]] = read(NAMES)
    return {_plain(name): field for field, names in listed.items() for name in names}


@cache
def fields() -> tuple[str, ...]:
    """Every field a column may hold."""
    return tuple(read(NAMES))


def guess(header: str) -> str:
    """The field of a header, or nothing; a unit or a note behind the name does not matter."""
    plain = _plain(header)
    known = _fields()
    if plain in known:
        return known[plain]
    begins = [name for name in known if len(name) > 3 and plain.startswith(name + " ")]
    return known[max(begins, key=len)] if begins else ""


def header_of(lines: Sequence[Line]) -> int | None:
    """The place of the row that names the columns: titles may stand above it."""
    counted = [(sum(1 for cell in line.cells if guess(cell)), -place) for place, line in enumerate(lines[:LOOKED_AT])]
    best = max(counted, default=(0, 0))
    return -best[1] if best[0] >= ENOUGH else None


def mapping_of(header: Sequence[str]) -> dict[int, str]:
    """Column -> field; the first column of a name has it, and a second telephone is a telephone too."""
    found: dict[int, str] = {}
    for place, cell in enumerate(header):
        field = guess(cell)
        if field and (field == "phone" or field not in found.values()):
            found[place] = field
    return found


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFC", header).casefold().replace("ё", "е")
    return " ".join(re.findall(r"[\w№]+", text.replace("no.", "№")))
