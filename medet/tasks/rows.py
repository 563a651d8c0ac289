"""What a new task holds, whoever writes it: the action for one (`actions.py`) or for many (`many.py`)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from medet.base.ids import uuid7
from medet.base.journal import Told
from medet.tasks.states import TaskKind, Weight


@dataclass(frozen=True, kw_only=True)
class About:
    """The object that owes a move, and whose it is."""

    type: str
    uid: UUID
    organisation_id: int
    person_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Why:
    """The reason as a code with its values; the desk finds the words."""

    code: str
    weight: Weight = Weight.PLAIN
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be done about an object, why and until when."""

    kind: TaskKind
    about: About
    role: str
    why: Why
    due_at: datetime
    owner_id: int | None = None


def task_row(wanted: Wanted, *, now: datetime) -> dict[str, Any]:
    """An open task on its first rung."""
    about, why = wanted.about, wanted.why
    return {
        "uid": uuid7(),
        "kind": wanted.kind,
        "about_type": about.type,
        "about_uid": about.uid,
        "person_id": about.person_id,
        "case_id": about.case_id,
        "organisation_id": about.organisation_id,
        "role": wanted.role,
        "owner_id": wanted.owner_id,
        "taken_at": now if wanted.owner_id else None,
        "weight": why.weight,
        "reason": why.code,
        "reason_values": why.values,
        "opened_at": now,
        "due_at": wanted.due_at,
    }


def told_of(row: Any, *, code: str, **more: object) -> Told:
    """The journal's entry about a task."""
    return Told(
        object_uid=row.about_uid,
        person_id=row.person_id,
        case_id=row.case_id,
        organisation_id=row.organisation_id,
        code=code,
        values={"task": str(row.uid), "role": row.role, "task_kind": row.kind, **more},
    )
