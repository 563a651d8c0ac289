"""Many rows of a list moved at once, in the transaction that wrote what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from medet.base import bulk
from medet.base.actor import Actor
from medet.base.states import check_move
from medet.records.intake.models import IntakeRow
from medet.records.intake.rows import Became, held_row, taken_row
from medet.records.intake.states import ROW_LIFE


class Held(NamedTuple):
    """A row for a person, why, and whom the register took it for."""

    row: IntakeRow
    reasons: Sequence[str]
    person_id: int | None


@transaction.atomic(savepoint=False)
def move_many(*, taken: Sequence[tuple[IntakeRow, Became]], held: Sequence[Held], by: Actor) -> None:
    """Some are in the register, others wait for a person."""
    done = [(row, taken_row(row, became)) for row, became in taken]
    asked = [(one.row, held_row(one.reasons, one.person_id)) for one in held]
    for moved in (done, asked):
        _write(moved, by)
    # Only now: when a statement fails, the rows in hand are still as the table has them.
    for row, values in (*done, *asked):
        for name, value in values.items():
            setattr(row, name, value)


def _write(moved: Sequence[tuple[IntakeRow, Mapping[str, Any]]], by: Actor) -> None:
    for state, to, organisation_id in {(row.state, values["state"], row.organisation_id) for row, values in moved}:
        check_move(ROW_LIFE, state, to, by.roles_at(organisation_id))
    bulk.update(IntakeRow, [{"id": row.pk, **values} for row, values in moved])
