"""What a row of a list holds once something became of it, whether it was taken alone (`actions.py`) or with many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from medet.records.intake.models import IntakeRow
from medet.records.intake.states import Outcome, RowState


@dataclass(frozen=True, kw_only=True)
class Became:
    """What came of a row."""

    outcome: str
    person_id: int | None = None
    case_id: int | None = None
    opened_case: bool = False
    before: Mapping[str, str] | None = None
    notes: Sequence[str] = ()


def taken_row(row: IntakeRow, became: Became) -> dict[str, Any]:
    """It is in the register."""
    return {
        "state": RowState.TAKEN,
        "outcome": became.outcome,
        "reasons": [],
        "person_id": became.person_id,
        "case_id": became.case_id,
        "opened_case": became.opened_case,
        "before": dict(became.before or {}),
        "notes": list(dict.fromkeys([*row.notes, *became.notes])),
    }


def held_row(reasons: Iterable[str], person_id: int | None) -> dict[str, Any]:
    """A person must look; nothing was written."""
    return {"state": RowState.CHECK, "outcome": Outcome.CHECK, "reasons": list(reasons), "person_id": person_id}
