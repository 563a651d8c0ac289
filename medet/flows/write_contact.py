"""Somebody of the staff talked to the patient and writes the answers down: the same record as the robot's."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.contacts.actions import note_contact
from medet.contacts.calls.actions import end_order
from medet.contacts.calls.models import CallOrder
from medet.contacts.states import Channel, ContactOutcome, OrderState
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.doctor_contact import doctor_spoke
from medet.monitoring.actions import lock_due, move_due
from medet.monitoring.models import Answers, DueContact, Enrolment
from medet.monitoring.queries import active_enrolment, programme
from medet.monitoring.states import BY_ROBOT, DueKind, DueState
from medet.records.models import Case
from medet.records.states import Source
from medet.staff.states import Role
from medet.tasks.actions import close_task


@transaction.atomic
def write_contact(*, case: Case, given: Mapping[str, str], by: Actor, now: datetime) -> Answers:
    """Keeps the conversation and its answers, and settles every contact that was due until today."""
    enrolment = active_enrolment(case)
    if enrolment is None:
        raise Refused("case.not_observed")
    owed = owed_until_today(enrolment, now=now)
    today = DueContact.objects.filter(enrolment=enrolment, kind=DueKind.ROBOT, on=local_day(now)).first()
    due = today or (owed[-1] if owed else None)
    contact = note_contact(
        case=case,
        channel=Channel.PHONE,
        outcome=ContactOutcome.WRITTEN,
        language=case.person.language,
        due_contact=due,
        by=by,
        now=now,
    )
    told = Told(
        enrolment=enrolment,
        programme=programme(enrolment.programme_code),
        source=Source.OPERATOR,
        contact_uid=contact.uid,
        due_contact=due,
    )
    answers = answers_arrived(told=told, given=given, by=by, now=now)
    for row in owed:
        settle(row, by=by, now=now)
    if Role.DOCTOR in by.roles_at(case.organisation_id):
        doctor_spoke(case=case, by=by, now=now)
    return answers


def owed_until_today(enrolment: Enrolment, *, now: datetime) -> list[DueContact]:
    """Robot contacts that are still open, oldest first: what was handed over yesterday evening is owed this morning.

    Locked before anything else is written, as monitoring.actions.lock_due says.
    """
    rows = DueContact.objects.filter(
        enrolment=enrolment, kind__in=BY_ROBOT, on__lte=local_day(now), state__in=(DueState.PLANNED, DueState.HANDED)
    )
    owed = list(rows.order_by("on", "pk"))
    for due in owed:
        lock_due(due_id=due.pk)
    return owed


def settle(due: DueContact, *, by: Actor, now: datetime) -> None:
    """The contact was made: no robot rings for it any more and nobody owes it."""
    move_due(due_id=due.pk, to=DueState.DONE, by=by, now=now)
    for order in CallOrder.objects.filter(due_contact=due):
        end_order(order_id=order.pk, to=OrderState.DONE)
    close_task(about_uid=due.uid, outcome="contacted", by=by, now=now)
