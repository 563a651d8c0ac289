"""Shifts that are really worked: begun and ended by the one who works."""

from datetime import datetime

from django.db import IntegrityError, transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.staff.queries import roles_of
from medet.staff.rota.models import Shift
from medet.staff.rota.queries import duty_of, running_shift
from medet.staff.rota.states import ROSTERED


@transaction.atomic
def start_shift(*, by: Actor, now: datetime) -> Shift:
    """Begins work: in the role of one's duty, else in the first of one's roles that works in shifts."""
    if by.user_id is None:
        raise Refused("shift.no_role")
    if running_shift(by.user_id):
        raise Refused("shift.running")
    role, organisation_id = _place_of(by.user_id, now)
    try:
        with transaction.atomic():
            shift = Shift.objects.create(user_id=by.user_id, organisation_id=organisation_id, role=role, started_at=now)
    except IntegrityError as fault:
        raise Refused("shift.running") from fault
    _note(shift, "shift.started", "", by=by, now=now)
    return shift


def _place_of(user_id: int, now: datetime) -> tuple[str, int]:
    duty = duty_of(user_id, now=now)
    if duty:
        return duty.role, duty.organisation_id
    held = {row.role: row.organisation_id for row in reversed(roles_of(user_id, now=now))}
    role = next((role for role in ROSTERED if role in held), None)
    if role is None:
        raise Refused("shift.no_role")
    return role, held[role]


@transaction.atomic
def end_shift(*, user_id: int, by: Actor, now: datetime, forgotten: bool = False) -> Shift:
    """Ends the running shift of somebody; what they hold was handed over before."""
    shift = Shift.objects.select_for_update().filter(user_id=user_id, ended_at__isnull=True).first()
    if shift is None:
        raise Refused("shift.not_running")
    shift.ended_at, shift.forgotten = now, forgotten
    shift.save(update_fields=["ended_at", "forgotten"])
    _note(shift, "shift.ended", "forgotten" if forgotten else "", by=by, now=now)
    return shift


def _note(shift: Shift, kind: str, code: str, *, by: Actor, now: datetime) -> None:
    journal.append(
        kind=kind,
        by=by,
        now=now,
        object_uid=shift.uid,
        organisation_id=shift.organisation_id,
        code=code,
        values={"user": shift.user_id, "role": shift.role},
    )
