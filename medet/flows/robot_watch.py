"""Nobody is rung: calls are due and the telephone process is silent. The supervisor learns it at once, not at night."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from medet.base.actor import Actor
from medet.base.pulse import SILENT_AFTER, is_alive
from medet.contacts.calls.models import CallOrder
from medet.contacts.states import CampaignState, OrderState
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.staff.states import Role
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.states import TaskKind, Weight

FIX_WITHIN = timedelta(minutes=15)


@transaction.atomic
def watch_robot(*, by: Actor, now: datetime) -> bool:
    """Opens or closes one task a centre; nothing is left to do in the same turn."""
    alive = is_alive("phone", now=now)
    for centre in Organisation.objects.filter(kind=Kind.TELEMEDICINE_CENTRE):
        uid = _uid(centre)
        if alive:
            close_task(about_uid=uid, outcome="back", by=by, now=now)
        elif _waits(centre, now):
            _say(centre, uid, by=by, now=now)
    return False


def _waits(centre: Organisation, now: datetime) -> bool:
    due = CallOrder.objects.filter(
        organisation=centre, state=OrderState.WAITING, campaign__state=CampaignState.RUNNING, window_end__gt=now
    )
    return due.filter(next_attempt_at__lt=now - SILENT_AFTER).exists()


def _say(centre: Organisation, uid: UUID, *, by: Actor, now: datetime) -> None:
    open_task(
        kind=TaskKind.TRUNK,
        about=About(type="trunk", uid=uid, organisation_id=centre.pk),
        role=Role.SUPERVISOR,
        why=Why(code="robot_silent", weight=Weight.RED),
        due_at=now + FIX_WITHIN,
        by=by,
        now=now,
    )


def _uid(centre: Organisation) -> UUID:
    return uuid5(NAMESPACE_URL, f"medet:robot:{centre.uid}")
