"""Somebody does not want robot calls any more, or again: a person rings instead, from this moment on."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.hand_contact import hand_contact
from medet.monitoring.queries import begun_by_robot
from medet.people.actions import give_consent, revoke_consent
from medet.people.models import Person
from medet.people.states import ConsentKind


@transaction.atomic
def no_robot_calls(*, person: Person, channel: str, by: Actor, now: datetime, reason: str = "no_robot_consent") -> None:
    """Keeps the refusal, and gives what was planned for the robot to the operators."""
    revoke_consent(person=person, kind=ConsentKind.ROBOT_CALLS, channel=channel, by=by, now=now)
    for due in begun_by_robot(now).filter(person__root_id=person.root_id):
        hand_contact(due=due, reason="no_robot_consent", by=by, now=now)


@transaction.atomic
def robot_calls_again(*, person: Person, text_version: str, channel: str, by: Actor, now: datetime) -> None:
    """From the next planned day the robot rings again; what lies with the operators stays with them."""
    give_consent(
        person=person, kind=ConsentKind.ROBOT_CALLS, text_version=text_version, channel=channel, by=by, now=now
    )
