"""A due contact that the robot cannot make becomes a person's task."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.contacts.calls.actions import exhaust_orders
from medet.flows.about import about_due, weight_of
from medet.monitoring.actions import move_due
from medet.monitoring.models import DueContact
from medet.monitoring.states import DueState
from medet.staff.states import Role
from medet.tasks.actions import open_task
from medet.tasks.rows import Wanted, Why
from medet.tasks.states import TaskKind

KINDS = {
    "invalid_number": TaskKind.FIX_PHONE,
    "wrong_number": TaskKind.FIX_PHONE,
    "no_phone": TaskKind.FIX_PHONE,
    "not_the_patient": TaskKind.WRONG_PERSON,
}


@transaction.atomic
def hand_contact(*, due: DueContact, reason: str, by: Actor, now: datetime, since: datetime | None = None) -> None:
    """Gives the contact to the operators with its reason; what is done or cancelled stays as it is. `since`: when
    their time to ring begins, now without one."""
    moved = move_due(due_id=due.pk, to=DueState.HANDED, by=by, now=now)
    if moved is None:
        return
    exhaust_orders(due_ids=[moved.pk])
    wanted = asked_for(moved, reason=reason, due_at=(since or now) + patience(now))
    open_task(**vars(wanted), by=by, now=now)


def patience(now: datetime) -> timedelta:
    """How long the operators have to ring."""
    return timedelta(minutes=policy.whole("task.call_by_hand_minutes", now=now))


def asked_for(due: DueContact, *, reason: str, due_at: datetime) -> Wanted:
    """What the operators are to do about a contact that the robot did not make."""
    return Wanted(
        kind=KINDS.get(reason, TaskKind.CALL_BY_HAND),
        about=about_due(due),
        role=Role.OPERATOR,
        why=Why(code=reason, weight=weight_of(due.enrolment.case)),
        due_at=due_at,
    )
