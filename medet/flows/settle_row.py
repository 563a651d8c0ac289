"""A person decides about a row that was not plain: the same human being, another one, or nothing at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.plan_day import plan_begun
from medet.flows.take_list import close_list
from medet.flows.take_row import take_row
from medet.people.models import Person
from medet.people.queries import visible_to
from medet.records.intake.actions import leave_row, lock_row
from medet.records.intake.entry import WITHDRAWN
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import namesakes_of, read_row
from medet.records.intake.states import Choice, RowState

# Nobody can be followed by such a row.
IMPOSSIBLE = frozenset({"died", "case_of_others", "nothing_to_withdraw", "danger_open", "fault"})


@dataclass(frozen=True)
class Doubt:
    """Whom a row may be about, and what may be decided."""

    people: Sequence[Person]
    choices: Sequence[Choice]

    def chosen(self, uid: UUID | None) -> Person:
        """The one of them who was meant; the only one need not be named."""
        meant = [person for person in self.people if uid in (person.uid, None)]
        if len(meant) != 1:
            raise Refused("list.choice_impossible")
        return meant[0]


def doubt_of(row: IntakeRow, given: IntakeList, *, by: Actor, now: datetime) -> Doubt:
    """A number belongs to one human being; of a name and a birth date, everybody who has them and may be seen."""
    if IMPOSSIBLE & set(row.reasons):
        return Doubt([row.person] if row.person else [], [Choice.LEAVE])
    if "same_name" not in row.reasons:
        return Doubt([row.person], [Choice.SAME, Choice.LEAVE]) if row.person else Doubt([], [Choice.LEAVE])
    entry = read_row(row, given, now=now).entry
    people = list(visible_to(by, now=now).filter(pk__in=namesakes_of(entry))) if entry else []
    same = [Choice.SAME] if people else []
    # What a laboratory takes back was said of somebody who is known.
    other = [Choice.OTHER] if entry and entry.result != WITHDRAWN else []
    return Doubt(people, [*same, *other, Choice.LEAVE])


@transaction.atomic
def settle_row(
    *, given: IntakeList, number: int, choice: Choice, by: Actor, now: datetime, person: UUID | None = None
) -> None:
    """The register's own data stay as they are, whatever is chosen; the last decision closes the list. `person`: which
    of several people of one name it is."""
    row = lock_row(given=given, number=number)
    doubt = doubt_of(row, given, by=by, now=now)
    if choice not in doubt.choices:
        raise Refused("list.choice_impossible")
    if choice == Choice.LEAVE:
        leave_row(row=row, by=by, now=now)
    else:
        settled = doubt.chosen(person) if choice == Choice.SAME else None
        other = choice == Choice.OTHER
        take_row(row=row, given=given, by=by, writer=by, now=now, settled=settled, as_other=other)
        plan_begun(cases=[row.case_id] if row.opened_case and row.case_id else [], by=by, now=now)
    if not given.rows.filter(state__in=(RowState.CHECK, RowState.BAD)).exists():
        close_list(given=given, by=by, now=now)
