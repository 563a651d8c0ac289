"""What an operator learns of a telephone: a number that may be rung turns “find the phone” into “ring by hand”."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.hand_contact import hand_contact
from medet.monitoring.models import DueContact
from medet.monitoring.queries import begun_by_robot
from medet.monitoring.states import DueState
from medet.people.actions import add_phone, mark_phone
from medet.people.models import Person, Phone
from medet.people.queries import diallable_phones
from medet.people.states import DIALLABLE, PhoneState, Whose
from medet.tasks.actions import turn_task
from medet.tasks.queries import open_about
from medet.tasks.states import TaskKind


@transaction.atomic
def new_phone(*, person: Person, number: str, whose: Whose, by: Actor, now: datetime) -> Phone:
    """Adds it; today a person rings it, tomorrow the robot. A number known to be of no use refuses."""
    phone = add_phone(person=person, number=number, whose=whose, by=by, now=now)
    if phone.state not in DIALLABLE:
        raise Refused("phone.marked_already", state=PhoneState(phone.state).label)
    _ring_now(person, by=by, now=now)
    return phone


@transaction.atomic
def phone_learned(*, phone: Phone, state: PhoneState, reason: str, by: Actor, now: datetime) -> None:
    """What is known of a number after it was rung."""
    mark_phone(phone=phone, state=state, reason=reason, by=by, now=now)
    if state in DIALLABLE:
        _ring_now(phone.person, by=by, now=now)
    elif not diallable_phones(phone.person).exists():
        _hand_over(phone.person, by=by, now=now)


def _hand_over(person: Person, *, by: Actor, now: datetime) -> None:
    """The robot has nothing left to dial: an operator finds a number now, not when the window ends."""
    for due in begun_by_robot(now).filter(person__root_id=person.root_id):
        hand_contact(due=due, reason="no_phone", by=by, now=now)


def _ring_now(person: Person, *, by: Actor, now: datetime) -> None:
    handed = DueContact.objects.filter(person__root_id=person.root_id, state=DueState.HANDED).order_by("pk")
    tasks = open_about([due.uid for due in handed])
    for uid, task in tasks.items():
        if task.kind == TaskKind.FIX_PHONE:
            turn_task(about_uid=uid, kind=TaskKind.CALL_BY_HAND, reason="new_phone", by=by, now=now)
