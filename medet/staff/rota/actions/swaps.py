"""Swaps: one asks, the colleague answers, and the two duties change hands in the same transaction."""

from datetime import datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.base.states import NEW, check_move
from medet.staff.models import User
from medet.staff.queries import holds
from medet.staff.rota.actions.planning import give_duty
from medet.staff.rota.models import Duty, Swap
from medet.staff.rota.rules import overlaps
from medet.staff.rota.states import SWAP_LIFE, SwapState
from medet.staff.states import Role


@transaction.atomic
def ask_swap(*, duty: Duty, colleague: User, in_return: Duty | None, by: Actor, now: datetime) -> Swap:
    """Asks a colleague to take one's duty, perhaps for one of theirs."""
    check_move(SWAP_LIFE, NEW, SwapState.ASKED, by.roles_at(duty.organisation_id))
    rows = _locked(duty, in_return)
    mine, theirs = rows[duty.pk], rows[in_return.pk] if in_return else None
    _check_asked(mine, colleague, theirs, by, now)
    if Swap.objects.filter(duty=mine, state=SwapState.ASKED).exists():
        raise Refused("swap.asked")
    swap = Swap.objects.create(duty=mine, in_return=theirs, asked_by_id=mine.user_id, colleague=colleague, asked_at=now)
    _note(swap, "swap.asked", by=by, now=now)
    return swap


def _locked(*duties: Duty | None) -> dict[int, Duty]:
    """Always in the same order, so that two swaps of the same duties cannot wait for each other."""
    wanted = [duty.pk for duty in duties if duty]
    rows = Duty.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=wanted)}


def _check_asked(mine: Duty, colleague: User, theirs: Duty | None, by: Actor, now: datetime) -> None:
    if mine.user_id != by.user_id:
        raise Refused("swap.not_yours")
    if colleague.pk == by.user_id:
        raise Refused("swap.self")
    if theirs and theirs.user_id != colleague.pk:
        raise Refused("swap.not_theirs")
    _check_possible(mine, colleague, theirs, now)


def _check_possible(mine: Duty, colleague: User, theirs: Duty | None, now: datetime) -> None:
    """What must hold when it is asked, and again when it is accepted."""
    for duty in (mine, theirs):
        if duty and (duty.dropped_at or duty.starts_at <= now):
            raise Refused("duty.over")
    if theirs and overlaps((mine.starts_at, mine.ends_at), (theirs.starts_at, theirs.ends_at)):
        raise Refused("swap.same_time")
    if not holds(colleague.pk, mine.role, mine.organisation_id, now=now):
        raise Refused("duty.not_holder", name=str(colleague))


@transaction.atomic
def move_swap(*, swap: Swap, to: SwapState, by: Actor, now: datetime) -> Swap:
    """The colleague's answer, the asker's withdrawal; a supervisor of the place may do either."""
    # Duties first, as who takes one out of the rota does: so the two cannot wait for each other.
    duties = _locked(swap.duty, swap.in_return)
    row = Swap.objects.select_for_update(of=("self",)).select_related("duty", "colleague").get(pk=swap.pk)
    check_move(SWAP_LIFE, row.state, to, by.roles_at(row.duty.organisation_id))
    _check_mover(row, to, by)
    if to == SwapState.ACCEPTED:
        _exchange(row, duties, by=by, now=now)
    row.state, row.answered_at = to, now
    row.save(update_fields=["state", "answered_at"])
    _note(row, f"swap.{to.value}", by=by, now=now)
    return row


def _check_mover(swap: Swap, to: SwapState, by: Actor) -> None:
    mover = swap.asked_by_id if to == SwapState.WITHDRAWN else swap.colleague_id
    if by.user_id in (None, mover):
        return
    if Role.SUPERVISOR not in by.roles_at(swap.duty.organisation_id):
        raise Refused("swap.not_yours")


def _exchange(swap: Swap, rows: dict[int, Duty], *, by: Actor, now: datetime) -> None:
    mine = rows[swap.duty_id]
    theirs = rows[swap.in_return_id] if swap.in_return_id else None
    if mine.user_id != swap.asked_by_id or (theirs and theirs.user_id != swap.colleague_id):
        raise Refused("swap.not_yours")
    _check_possible(mine, swap.colleague, theirs, now)
    asker = mine.user
    give_duty(duty=mine, to=swap.colleague, by=by, now=now)
    if theirs:
        give_duty(duty=theirs, to=asker, by=by, now=now)


def _note(swap: Swap, kind: str, *, by: Actor, now: datetime) -> None:
    journal.append(
        kind=kind,
        by=by,
        now=now,
        object_uid=swap.uid,
        organisation_id=swap.duty.organisation_id,
        code=swap.duty.role,
        values={"duty": str(swap.duty.uid), "asked": swap.asked_by_id, "colleague": swap.colleague_id},
    )
