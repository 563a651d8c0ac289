"""The end of a shift: everything one holds is handed over, by name and with a note, or the shift goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.staff.models import Shift, User
from medet.staff.rota.actions.shifts import end_shift
from medet.staff.rota.queries import colleagues
from medet.tasks.actions import hand_task
from medet.tasks.models import Task
from medet.tasks.queries import held_by
from medet.tasks.rules import ladder_of


@dataclass(frozen=True)
class Handed:
    """To whom one task goes, and what must be known; nobody by name is the role."""

    note: str
    to: User | None = None


@transaction.atomic
def hand_over_shift(*, handed: Mapping[UUID, Handed], by: Actor, now: datetime) -> Shift:
    """All or nothing: a task that came meanwhile is not left behind, the shift just does not end yet."""
    shift = end_shift(user_id=by.user_id or 0, by=by, now=now)
    for task in held_by(by.user_id):
        if task.uid not in handed:
            raise Refused("task.left")
        _hand(task, handed[task.uid], by=by, now=now)
    return shift


def _hand(task: Task, handed: Handed, *, by: Actor, now: datetime) -> None:
    if handed.to and handed.to not in receivers(task, by=by, now=now):
        raise Refused("task.not_there", name=str(handed.to))
    hand_task(task=task, to=handed.to, note=handed.note, by=by, now=now)


def receivers(task: Task, *, by: Actor, now: datetime) -> list[User]:
    """Colleagues who are there and answer for it."""
    there = colleagues(ladder_of(task.role), task.organisation_id, now=now)
    return [user for user in there if user.pk != by.user_id]
