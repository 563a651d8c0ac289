"""The telephone trunk was lost or came back: the supervisor of each centre has a task about it, or no longer."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from medet.base.actor import Actor
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.staff.states import Role
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.states import TaskKind, Weight

FIX_WITHIN = timedelta(minutes=15)


@transaction.atomic
def trunk_seen(*, name: str, state: str, by: Actor, now: datetime) -> None:
    """`state` is the engine's word: ok, registering, refused or silent."""
    if state == "registering":
        return
    for centre in Organisation.objects.filter(kind=Kind.TELEMEDICINE_CENTRE):
        uid = uuid5(NAMESPACE_URL, f"medet:trunk:{centre.uid}:{name}")
        if state == "ok":
            close_task(about_uid=uid, outcome="back", by=by, now=now)
            continue
        open_task(
            kind=TaskKind.TRUNK,
            about=About(type="trunk", uid=uid, organisation_id=centre.pk),
            role=Role.SUPERVISOR,
            why=Why(code=f"trunk_{state}", weight=Weight.RED, values={"trunk": name}),
            due_at=now + FIX_WITHIN,
            by=by,
            now=now,
        )
