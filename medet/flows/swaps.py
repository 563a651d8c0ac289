"""A swap is asked, answered, taken back: the question is a task of the colleague until somebody settles it."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.staff.models import User
from medet.staff.rota.actions.planning import drop_duty, hand_duty
from medet.staff.rota.actions.swaps import ask_swap, move_swap
from medet.staff.rota.models import Duty, Swap
from medet.staff.rota.queries import open_swaps
from medet.staff.rota.states import SWAP_LIFE, SwapState
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.states import TaskKind, TaskState


@transaction.atomic
def ask_colleague(*, duty: Duty, colleague: User, in_return: Duty | None, by: Actor, now: datetime) -> Swap:
    """The colleague owes an answer, by the time the duty begins at the latest; then the supervisor does."""
    swap = ask_swap(duty=duty, colleague=colleague, in_return=in_return, by=by, now=now)
    wait = timedelta(minutes=policy.whole("swap.answer_minutes", now=now))
    open_task(
        kind=TaskKind.SWAP,
        about=About(type=SWAP_LIFE.name, uid=swap.uid, organisation_id=swap.duty.organisation_id),
        role=swap.duty.role,
        why=Why(code="swap_asked", values={"name": str(swap.asked_by)}),
        due_at=min(now + wait, swap.duty.starts_at),
        by=by,
        now=now,
        owner_id=colleague.pk,
    )
    return swap


@transaction.atomic
def answer_swap(*, swap: Swap, to: SwapState, by: Actor, now: datetime) -> Swap:
    """Accepted, declined or withdrawn: the task goes with it."""
    moved = move_swap(swap=swap, to=to, by=by, now=now)
    state = TaskState.CANCELLED if to == SwapState.WITHDRAWN else TaskState.DONE
    close_task(about_uid=moved.uid, outcome=to.value, by=by, now=now, state=state)
    return moved


@transaction.atomic
def take_out(*, duty: Duty, by: Actor, now: datetime) -> Duty:
    """A duty leaves the rota, and every open question about it with it."""
    dropped = drop_duty(duty=duty, by=by, now=now)
    _withdraw_all(dropped, by=by, now=now)
    return dropped


@transaction.atomic
def reassign(*, duty: Duty, to: User, by: Actor, now: datetime) -> Duty:
    """The supervisor gives a duty to somebody else; what was asked about it is settled by that."""
    given = hand_duty(duty=duty, to=to, by=by, now=now)
    _withdraw_all(given, by=by, now=now)
    return given


def _withdraw_all(duty: Duty, *, by: Actor, now: datetime) -> None:
    for swap in [*open_swaps().filter(duty=duty), *open_swaps().filter(in_return=duty)]:
        answer_swap(swap=swap, to=SwapState.WITHDRAWN, by=by, now=now)
