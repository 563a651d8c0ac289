"""Many cases under a programme, or many contacts moved, at once: the rows of `rows.py` in a few statements."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.base.journal import Told
from medet.base.states import check_move
from medet.monitoring.models import DueContact, Enrolment, Programme
from medet.monitoring.rows import enrolment_row, moved_kind, told_of_due
from medet.monitoring.states import DUE_LIFE, DueState
from medet.records.many import Opened


@transaction.atomic(savepoint=False)
def enrol_many(*, cases: Sequence[Opened], programme: Programme, by: Actor, now: datetime) -> None:
    """Puts new cases under a programme from today on."""
    rows = [enrolment_row(case, programme, now=now) for case in cases]
    bulk.insert(Enrolment, rows)
    told = [
        Told(row["uid"], case.person_id, case.id, case.organisation_id, programme.code)
        for case, row in zip(cases, rows, strict=True)
    ]
    journal.append_many(kind="enrolment.started", by=by, now=now, told=told)


@transaction.atomic(savepoint=False)
def hand_dues(*, keys: Collection[int], by: Actor, now: datetime) -> list[DueContact]:
    """Contacts of the robot to a person, those that are not with one and neither done nor cancelled; they come back
    with their cases. Locked by key, so that two who hand over the same ones wait and never cross."""
    rows = DueContact.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    over = (DueState.HANDED, DueState.DONE, DueState.CANCELLED)
    moved = [due for due in rows.select_related("enrolment__case").order_by("pk") if due.state not in over]
    for state, organisation_id in {(due.state, due.organisation_id) for due in moved}:
        check_move(DUE_LIFE, state, DueState.HANDED, by.roles_at(organisation_id))
    DueContact.objects.filter(pk__in=[due.pk for due in moved]).update(state=DueState.HANDED, closed_at=None)
    for due in moved:
        due.state, due.closed_at = DueState.HANDED, None
    for kind in {moved_kind(due) for due in moved}:
        told = [told_of_due(due, code=DueState.HANDED) for due in moved if moved_kind(due) == kind]
        journal.append_many(kind=kind, by=by, now=now, told=told)
    return moved
