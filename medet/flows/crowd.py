"""The rows of one step together: the register is asked once for all of them, and again only where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from medet.base import secret
from medet.base.actor import Actor
from medet.base.names import fold
from medet.records.intake.actions import take_said
from medet.records.intake.entry import Entry
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import Found, find, read_row


@dataclass
class Crowd:
    """What the register knew of these people before the step wrote anything."""

    given: IntakeList
    rows: Sequence[IntakeRow]
    entries: dict[int, Entry]
    found: Found
    touched: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Sequence[IntakeRow], given: IntakeList, *, now: datetime) -> "Crowd":
        """A fixed number of queries."""
        read = {row.pk: read_row(row, given, now=now).entry for row in rows}
        entries = {key: entry for key, entry in read.items() if entry}
        return cls(given, rows, entries, find(list(entries.values()), apart_from=list(entries)))

    def unsaid(self, *, by: Actor) -> list[IntakeRow]:
        """Takes what was said before, all at once; the rows that may mean something are left."""
        said = [row for row in self.rows if self._is_said(row)]
        if said:
            take_said(rows=said, by=by)
        return [row for row in self.rows if not self._is_said(row)]

    def _is_said(self, row: IntakeRow) -> bool:
        entry = self.entries.get(row.pk)
        return entry is not None and secret.keyed_hash(entry.content) in self.found.said

    def found_for(self, row: IntakeRow) -> Found | None:
        """What was found for all, unless an earlier row of this step was about the same human being."""
        entry = self.entries.get(row.pk)
        if entry is None:
            return None
        name = f"{fold(entry.family_name)} {fold(entry.given_name)} {entry.birth_date}"
        met = entry.identity in self.touched or (not entry.iin and name in self.touched)
        self.touched |= {entry.identity, name}
        return None if met else self.found
