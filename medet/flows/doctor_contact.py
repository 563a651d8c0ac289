"""A doctor's contact with a patient: on its day the doctors are asked; a conversation settles it and plans the next."""

from datetime import date, datetime, timedelta

from django.db import transaction

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.contacts.actions import note_contact
from medet.contacts.states import Channel, ContactOutcome
from medet.flows.about import about_due, weight_of
from medet.flows.each import each
from medet.monitoring.actions import move_due, plan_doctor
from medet.monitoring.models import DueContact
from medet.monitoring.queries import active_enrolment, doctors_due, doctors_open
from medet.monitoring.states import DueState
from medet.records.models import Case
from medet.records.queries import conclusions_of
from medet.staff.states import Role
from medet.tasks.actions import Why, close_task, open_task, postpone_task
from medet.tasks.states import TaskKind

# For one that is asked for when the hours of its day are over.
AT_LEAST = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=60)


@transaction.atomic
def ask_doctors(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Opens a doctors' task for each contact whose day has come; True when there was work."""
    rows = doctors_due(local_day(now)).select_related("enrolment__case")
    due = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:batch])
    return each(due, lambda row: _ask(row, by=by, now=now)) > 0


def _ask(due: DueContact, *, by: Actor, now: datetime) -> None:
    moved = move_due(due_id=due.pk, to=DueState.DOCTORS, by=by, now=now)
    if moved is None:
        return
    case = moved.enrolment.case
    last = conclusions_of(case).first()
    wished = last is not None and last.next_contact_on == moved.on
    open_task(
        kind=TaskKind.DOCTOR_CONTACT,
        about=about_due(moved),
        role=Role.DOCTOR,
        why=Why(code="doctor_planned" if wished else "doctor_gap", weight=weight_of(case)),
        due_at=max(moved.window_end, now + AT_LEAST),
        by=by,
        now=now,
    )


@transaction.atomic
def doctor_spoke(*, case: Case, by: Actor, now: datetime) -> None:
    """A doctor has spoken with the patient: what was owed until today is done."""
    for due in doctors_open(case):
        if due.on <= local_day(now) and move_due(due_id=due.pk, to=DueState.DONE, by=by, now=now):
            close_task(about_uid=due.uid, outcome="contacted", by=by, now=now)


@transaction.atomic
def next_contact(*, case: Case, on: date | None, by: Actor, now: datetime) -> None:
    """The doctor's newest word says when the next contact is; what was planned for another day is called off."""
    enrolment, today = active_enrolment(case), local_day(now)
    for due in doctors_open(case):
        if due.on > today and due.on != on:
            move_due(due_id=due.pk, to=DueState.CANCELLED, by=by, now=now)
    if enrolment is None or on is None:
        return
    due = plan_doctor(enrolment=enrolment, on=max(on, today), by=by, now=now)
    if due.on == today:
        _ask(due, by=by, now=now)


@transaction.atomic
def doctor_not_reached(*, case: Case, by: Actor, now: datetime) -> None:
    """A doctor rang and nobody answered: it is written down, and the task comes back in an hour."""
    owed = [due for due in doctors_open(case) if due.state == DueState.DOCTORS]
    if not owed:
        raise Refused("task.closed")
    note_contact(
        case=case,
        channel=Channel.PHONE,
        outcome=ContactOutcome.NOT_REACHED,
        language=case.person.language,
        due_contact=owed[-1],
        by=by,
        now=now,
    )
    for due in owed:
        postpone_task(about_uid=due.uid, until=now + AGAIN_AFTER, by=by, now=now)
