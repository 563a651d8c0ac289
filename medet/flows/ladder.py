"""Overdue tasks climb: who answers next is told within a minute."""

from datetime import datetime, timedelta

from django.db.models import Q

from medet.base.actor import Actor
from medet.flows.each import each
from medet.tasks.actions import climb
from medet.tasks.queries import overdue
from medet.tasks.states import LADDER

WAIT = timedelta(minutes=30)


def climb_overdue(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Moves a batch of overdue tasks one rung up; those on the top rung stay and stay overdue."""
    late = overdue(now).filter(_can_climb())[:batch]
    return each(list(late), lambda task: climb(task_id=task.pk, wait=WAIT, by=by, now=now)) > 0


def _can_climb() -> Q:
    """Chosen in SQL: tasks on their top rung stay overdue for ever and must not fill the batch."""
    below = Q(pk__in=[])
    for role, ladder in LADDER.items():
        below |= Q(role=role, rung__lt=len(ladder) - 1)
    return below
