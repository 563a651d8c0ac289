"""The planned days of an observation are over: nobody slips out unseen, a doctor ends it or goes on."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.flows.about import about_enrolment
from medet.flows.each import each
from medet.monitoring.actions import extend_enrolment
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import active_enrolment, observations_over
from medet.monitoring.states import GoesOn
from medet.records.models import Case
from medet.staff.states import Role
from medet.tasks.actions import Why, close_task, open_task
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState, Weight

DECIDE_WITHIN = timedelta(hours=8)
GO_ON_DAYS = 3


@transaction.atomic
def ask_for_the_end(*, by: Actor, now: datetime, batch: int = 100) -> bool:
    """Opens a doctor's task for each observation that is over; True when there was work."""
    asked = Task.objects.filter(about_uid=OuterRef("uid"), state=TaskState.OPEN)
    over = list(observations_over(local_day(now)).filter(~Exists(asked))[:batch])
    return each(over, lambda enrolment: _ask(enrolment, by=by, now=now)) > 0


def _ask(enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    open_task(
        kind=TaskKind.END_OBSERVATION,
        about=about_enrolment(enrolment),
        role=Role.DOCTOR,
        why=Why(code="observation_over", weight=Weight.AMBER),
        due_at=now + DECIDE_WITHIN,
        by=by,
        now=now,
    )


@transaction.atomic
def go_on(*, case: Case, until: date | None, why: GoesOn | None, by: Actor, now: datetime) -> None:
    """The doctor goes on: an observation that ends today or is over gets more days, at least to the next contact."""
    enrolment = active_enrolment(case)
    if enrolment is None or not needs_more_days(enrolment, until, now=now):
        return
    if why is None:
        raise Refused("observation.reason_needed")
    today = local_day(now)
    day = max(until or today, today + timedelta(days=GO_ON_DAYS))
    extend_enrolment(enrolment_id=enrolment.pk, until=day, why=why, by=by, now=now)
    close_task(about_uid=enrolment.uid, outcome="extended", by=by, now=now)


def needs_more_days(enrolment: Enrolment, until: date | None, *, now: datetime) -> bool:
    """Whether going on, with a contact on that day, goes beyond the planned days."""
    end = enrolment.planned_end_on
    return end <= local_day(now) or (until is not None and until > end)
