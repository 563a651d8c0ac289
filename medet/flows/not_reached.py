"""An operator rang by hand and nobody answered: it is written down, and the task comes back in an hour."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.contacts.actions import note_contact
from medet.contacts.states import Channel, ContactOutcome
from medet.flows.write_contact import owed_until_today
from medet.monitoring.queries import active_enrolment
from medet.monitoring.states import DueState
from medet.records.models import Case
from medet.tasks.actions import postpone_task

AGAIN_AFTER = timedelta(minutes=60)


@transaction.atomic
def not_reached(*, case: Case, by: Actor, now: datetime) -> int:
    """Keeps the vain call and moves what was handed to the operators; how often it was tried."""
    enrolment = active_enrolment(case)
    handed = [due for due in owed_until_today(enrolment, now=now) if due.state == DueState.HANDED] if enrolment else []
    if not handed:
        raise Refused("task.closed")
    note_contact(
        case=case,
        channel=Channel.PHONE,
        outcome=ContactOutcome.NOT_REACHED,
        language=case.person.language,
        due_contact=handed[-1],
        by=by,
        now=now,
    )
    tries = [postpone_task(about_uid=due.uid, until=now + AGAIN_AFTER, by=by, now=now) for due in handed]
    return max(tries)
