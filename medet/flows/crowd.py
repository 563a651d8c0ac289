"""The rows of one step together: the register is asked once for all of them, and again only where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from medet.base.names import fold
from medet.people.models import Person
from medet.records.intake import rules
from medet.records.intake.entry import Entry
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import Found, find, known_of, read_row, said_among
from medet.records.intake.states import Outcome

# Nothing is written about the person for these: the row itself, and the result into the case they have, perhaps another
# centre's (a reading and its line of the journal). Other rows of the step may be decided beside them.
QUIET = (Outcome.KNOWN, Outcome.NEGATIVE, Outcome.CHECK)


@dataclass(frozen=True)
class Plain:
    """A row whose meaning hangs on no other row of its step: it can be taken together with others."""

    row: IntakeRow
    entry: Entry
    decided: rules.Decision
    person: Person | None


@dataclass
class Crowd:
    """What the register knew of these people before the step wrote anything, and how their rows are taken.

    `said`: nothing comes of them. `plain`: all at once. `careful`: one after the other, with what was found for all,
    unless an earlier row of the step was about the same human being.
    """

    given: IntakeList
    found: Found
    said: list[IntakeRow] = field(default_factory=list)
    plain: list[Plain] = field(default_factory=list)
    careful: list[tuple[IntakeRow, Found | None]] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)
    _homes: set[object] = field(default_factory=set)  # households of which somebody is taken only afterwards

    @classmethod
    def of(cls, rows: Sequence[IntakeRow], given: IntakeList, *, now: datetime) -> "Crowd":
        """A fixed number of queries. What was said before is told by its hash and not even read."""
        keys = [row.pk for row in rows]
        said = said_among((bytes(row.content_hash) for row in rows if row.content_hash), apart_from=keys)
        others = [row for row in rows if bytes(row.content_hash or b"") not in said]
        entries = [read_row(row, given, now=now).entry for row in others]
        found = find([entry for entry in entries if entry], apart_from=keys)
        crowd = cls(given, found, [row for row in rows if bytes(row.content_hash or b"") in said])
        for row, entry in zip(others, entries, strict=True):
            crowd._sort(row, entry)
        return crowd

    def _sort(self, row: IntakeRow, entry: Entry | None) -> None:
        if entry is None or self._meets(entry):
            self._alone(row, None)
        elif (plain := self._plain(row, entry)) is not None:
            self.plain.append(plain)
        else:
            self._alone(row, self.found)

    def _alone(self, row: IntakeRow, found: Found | None) -> None:
        self.careful.append((row, found))
        self._homes |= {row.household_hash} - {None}

    def _meets(self, entry: Entry) -> bool:
        """Whether an earlier row that may write something is, or may be, about the same human being."""
        person = self.found.people.get(entry.identity)
        name = f"{fold(entry.family_name)} {fold(entry.given_name)} {entry.birth_date}"
        who = {entry.identity, f"root {person.root_id}" if person else "", f"document {entry.document}"}
        who -= {"", "document "}
        met = bool(who & self._touched) or (not entry.iin and name in self._touched)
        self._touched |= {*who, name}
        return met

    def _plain(self, row: IntakeRow, entry: Entry) -> Plain | None:
        person = self.found.people.get(entry.identity)
        decided = rules.decide(entry, known_of(entry, self.found))
        stranger = decided.outcome == Outcome.NEW and person is None and row.household_hash not in self._homes
        return Plain(row, entry, decided, person) if stranger or decided.outcome in QUIET else None
