"""One row of a list as the house understands it: who, how reached, and what the laboratory says. Pure, no Django."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from medet.base import iin as iins
from medet.base.names import fold
from medet.records.intake import values
from medet.records.intake.text import LOST
from medet.records.intake.values import Fault

OLDEST = date(1890, 1, 1)
POSITIVE, NEGATIVE, WITHDRAWN = "positive", "negative", "withdrawn"
PARTS = ("street", "house", "flat")
WIDTHS = {"street": 120, "house": 20, "flat": 10, "district": 200, "clinic": 200, "household": 60, "number": 60}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row without faults. `notes`: what a person should know and what stops nothing."""

    family_name: str
    given_name: str
    patronymic: str = ""
    iin: str = ""
    document: str = ""
    birth_date: date | None = None
    sex: str = ""
    language: str = ""
    phones: tuple[str, ...] = ()
    district: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    clinic: str = ""
    household: str = ""
    result: str = POSITIVE
    taken_on: date
    number: str = ""
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """What tells this human being from all others, as far as the list goes."""
        if self.iin or self.document:
            return self.iin or f"document {self.document}"
        return f"{fold(self.family_name)} {fold(self.given_name)} {self.birth_date}"

    @property
    def sample(self) -> str:
        """Which test the row is about: its number, else its day."""
        return f"{self.identity}|{self.number or self.taken_on}"

    @cached_property
    def content(self) -> str:
        """Everything the row says: two rows with the same content say nothing new."""
        said = {name: getattr(self, name) for name in _SAID}
        return json.dumps(said, default=str, ensure_ascii=False, sort_keys=True)


_SAID = tuple(one.name for one in fields(Entry) if one.name != "notes")


@dataclass(frozen=True)
class Read:
    """A row that was read: an entry, or the codes of what must be mended."""

    entry: Entry | None
    faults: tuple[str, ...] = ()


def by_field(cells: Sequence[str], mapping: Mapping[int, str]) -> dict[str, str]:
    """Field -> text; several columns of one field stand one after the other."""
    found: dict[str, str] = {}
    for place, field in mapping.items():
        cell = cells[place] if place < len(cells) else ""
        found[field] = "; ".join(part for part in (found.get(field, ""), cell) if part)
    return found


def read_entry(texts: Mapping[str, str], *, today: date, day: date) -> Read:
    """`day`: when samples were taken for which the list has no day."""
    reading = _Reading(texts, today)
    made = reading.entry(day)
    if any(LOST in text for text in texts.values()):
        reading.faults.insert(0, "letters_lost")
    return Read(None if reading.faults else made, tuple(dict.fromkeys(reading.faults)))


class _Reading:
    """Collects every fault of a row, so that it is mended once."""

    def __init__(self, texts: Mapping[str, str], today: date) -> None:
        self.texts, self.today = texts, today
        self.faults: list[str] = []
        self.notes: list[str] = []

    def entry(self, day: date) -> Entry:
        family, given, patronymic = self._names()
        born = self._day("birth_date", born=True)
        door = self._door()
        numbers, unread = values.phone_numbers(self.texts.get("phone", ""))
        self.notes += ["phone_unread"] if unread else [] if numbers else ["phone_missing"]
        made = Entry(
            family_name=family,
            given_name=given,
            patronymic=patronymic,
            iin=self._iin(),
            document=re.sub(r"[\s№]", "", self.texts.get("document", "")).upper()[:40],
            birth_date=born,
            sex=self._word("sex"),
            language=self._word("language"),
            phones=tuple(numbers),
            clinic=self._text("clinic"),
            household=self._text("household"),
            district=self._text("district"),
            result=self._result(),
            taken_on=self._taken(day),
            number=self._text("number"),
            street=door["street"],
            house=door["house"],
            flat=door["flat"],
        )
        return self._checked(made)

    def _taken(self, day: date) -> date:
        """A list without such a column is of one day; an empty cell of one that has it is a gap."""
        if not self.texts.get("taken_on", "x"):
            self.faults.append("date_missing")
        return self._day("taken_on") or day

    def _checked(self, made: Entry) -> Entry:
        if made.birth_date and not OLDEST <= made.birth_date <= made.taken_on:
            self.faults.append("birth_impossible")
        if not (made.iin or made.document or made.birth_date):
            self.faults.append("identity_missing")
        if made.iin:
            hints = iins.parse(made.iin)
            self.notes += iins.differs(hints, birth_date=made.birth_date, sex=made.sex)
            made = replace(made, birth_date=made.birth_date or hints.birth_date, sex=made.sex or hints.sex or "")
        if made.birth_date is None:
            self.notes.append("birth_date_missing")
        return replace(made, notes=tuple(self.notes))

    def _names(self) -> tuple[str, str, str]:
        parts = [self.texts.get(field, "") for field in ("family_name", "given_name", "patronymic")]
        if not any(parts[:2]) and self.texts.get("full_name"):
            parts = list(values.whole_name(self.texts["full_name"]))
        family, given, patronymic = (self._try(values.name, part) for part in parts)
        if not (parts[0] and parts[1]):
            self.faults.append("name_missing")
        return family, given, patronymic

    def _iin(self) -> str:
        return self._try(values.iin, self.texts.get("iin", ""))

    def _day(self, field: str, *, born: bool = False) -> date | None:
        try:
            return values.day(self.texts.get(field, ""), today=self.today, born=born)
        except Fault as fault:
            self.faults.append(fault.code)
            return None

    def _result(self) -> str:
        if "result" not in self.texts:
            return POSITIVE
        text = self.texts["result"]
        found = values.word("result", text)
        if not found:
            self.faults.append("result_unknown" if text else "result_missing")
        return found

    def _door(self) -> dict[str, str]:
        found = {part: self._text(part) for part in PARTS}
        if not found["street"] and self.texts.get("address"):
            found = dict(zip(PARTS, values.door(self.texts["address"]), strict=True))
        return {part: text[: WIDTHS[part]] for part, text in found.items()}

    def _word(self, kind: str) -> str:
        return values.word(kind, self.texts.get(kind, ""))

    def _text(self, field: str) -> str:
        return self.texts.get(field, "")[: WIDTHS[field]]

    def _try(self, read: Callable[[str], str], text: str) -> str:
        try:
            return read(text)
        except Fault as fault:
            self.faults.append(fault.code)
            return ""
