"""One key stops every robot call; one reason lets the robot ring again. A stop that stands is a supervisor's task."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.contacts.campaigns.actions import lift_stop, raise_stop
from medet.contacts.campaigns.models import RobotStop
from medet.contacts.states import STOP_LIFE
from medet.staff.states import Role
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.states import TaskKind, Weight

STOPPERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})


@transaction.atomic
def stop_robot(*, organisation_id: int, by: Actor, now: datetime) -> RobotStop:
    """No INVITE leaves any more; pressed twice, it is one stop. It touches no call itself, so it waits for none."""
    stop, made = raise_stop(organisation_id=organisation_id, by=by, now=now)
    if made:
        open_task(
            kind=TaskKind.ROBOT_STOPPED,
            about=About(type=STOP_LIFE.name, uid=stop.uid, organisation_id=organisation_id),
            role=Role.SUPERVISOR,
            why=Why(code="robot_stands", weight=Weight.AMBER),
            due_at=now + timedelta(minutes=policy.whole("robot.stop_review_minutes", now=now)),
            by=by,
            now=now,
        )
    return stop


@transaction.atomic
def stop_every_robot(*, by: Actor, now: datetime) -> list[RobotStop]:
    """At every centre where one may: whoever hears what the robot does does not look first whose it is."""
    return [stop_robot(organisation_id=place, by=by, now=now) for place in by.where(STOPPERS)]


@transaction.atomic
def let_ring(*, stop: RobotStop, why: str, by: Actor, now: datetime) -> RobotStop:
    """Whoever still waits within the window is rung again."""
    lifted = lift_stop(stop_id=stop.pk, why=why, by=by, now=now)
    close_task(about_uid=lifted.uid, outcome="lifted", by=by, now=now)
    return lifted
