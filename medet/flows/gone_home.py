"""Nobody's task stays with somebody who went home, no shift runs for ever, no question about a past duty stays open."""

from datetime import datetime, timedelta

from medet.base import policy
from medet.base.actor import Actor
from medet.flows.each import each
from medet.flows.swaps import answer_swap
from medet.staff.rota.actions.shifts import end_shift
from medet.staff.rota.models import Shift, Swap
from medet.staff.rota.queries import forgotten_shifts, swaps_too_late
from medet.staff.rota.states import SwapState
from medet.tasks.actions import give_back
from medet.tasks.models import Task
from medet.tasks.queries import left_behind


def gone_home(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Ends what was forgotten and gives back what was left behind; each row by itself."""

    def end(shift: Shift) -> None:
        end_shift(user_id=shift.user_id, by=by, now=now, forgotten=True)

    def give(task: Task) -> None:
        give_back(task_id=task.pk, by=by, now=now)

    def withdraw(swap: Swap) -> None:
        answer_swap(swap=swap, to=SwapState.WITHDRAWN, by=by, now=now)

    done = each(list(forgotten_shifts(now)[:batch]), end)
    done += each(list(left_behind(now=now, after=patience(now))[:batch]), give)
    return done + each(list(swaps_too_late(now)[:batch]), withdraw) > 0


def patience(now: datetime) -> timedelta:
    """How long a task may stay with somebody who is not at work."""
    return timedelta(minutes=policy.whole("shift.give_back_minutes", now=now))
