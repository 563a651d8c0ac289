"""Overdue tasks climb: who answers next is told within a minute."""

from datetime import datetime, timedelta

from medet.base.actor import Actor
from medet.tasks.actions import climb
from medet.tasks.queries import overdue
from medet.tasks.states import LADDER

WAIT = timedelta(minutes=30)


def climb_overdue(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Moves a batch of overdue tasks one rung up; those on the top rung stay and stay overdue."""
    worked = False
    for task in overdue(now)[:batch]:
        if task.rung + 1 < len(LADDER.get(task.role, ())):
            climb(task_id=task.pk, wait=WAIT, by=by, now=now)
            worked = True
    return worked
