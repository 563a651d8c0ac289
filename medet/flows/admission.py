"""Somebody is to be taken to hospital, or lies there: an operator asks until it is known how it went on."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.about import about_admission, about_case
from medet.handovers.models import HomeVisit
from medet.records.models import Case, Conclusion
from medet.staff.states import Role
from medet.tasks.actions import Why, close_task, open_task, rest_task
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState, Weight

ADMISSION = "admission"


@transaction.atomic
def confirm_admission(*, after: Conclusion | HomeVisit, by: Actor, now: datetime) -> None:
    """Ambulance or hospital was said: is the person really there? Until then they are watched at home."""
    open_task(
        kind=TaskKind.ADMISSION,
        about=about_admission(after),
        role=Role.OPERATOR,
        why=Why(code="confirm_admission", weight=Weight.RED),
        due_at=now + timedelta(minutes=policy.whole("admission.confirm_minutes", now=now)),
        by=by,
        now=now,
    )


@transaction.atomic
def not_taken(*, task: Task, by: Actor, now: datetime) -> None:
    """The person is still at home: a doctor decides anew, as fast as after a danger sign."""
    if task.about_type != ADMISSION or task.role != Role.OPERATOR:
        raise Refused("task.closed")
    closed = close_task(about_uid=task.about_uid, outcome="not_taken", by=by, now=now)
    if closed is None or closed.case_id is None:
        raise Refused("task.closed")
    open_task(
        kind=TaskKind.ADMISSION,
        about=about_admission(closed),
        role=Role.DOCTOR,
        why=Why(code="not_taken", weight=Weight.RED),
        due_at=now + timedelta(minutes=policy.whole("danger.callback_minutes", now=now)),
        by=by,
        now=now,
    )


@transaction.atomic
def decided_anew(*, case: Case, by: Actor, now: datetime) -> None:
    """A new conclusion stands: what an earlier one left open about the hospital is over."""
    rows = Task.objects.filter(case_id=case.pk, about_type=ADMISSION, state=TaskState.OPEN)
    for uid in rows.values_list("about_uid", flat=True):
        close_task(about_uid=uid, outcome="concluded", by=by, now=now)


@transaction.atomic
def ask_hospital(*, case: Case, by: Actor, now: datetime) -> None:
    """Admitted: nobody rings the person any more, so somebody asks the hospital."""
    open_task(
        kind=TaskKind.ADMISSION,
        about=about_case(case),
        role=Role.OPERATOR,
        why=Why(code="in_hospital"),
        due_at=_next_question(now),
        by=by,
        now=now,
    )


@transaction.atomic
def still_there(*, case: Case, by: Actor, now: datetime) -> None:
    """The hospital still has the person: asked again a day later."""
    rest_task(about_uid=case.uid, until=_next_question(now), reason="in_hospital", by=by, now=now)


def _next_question(now: datetime) -> datetime:
    return now + timedelta(hours=policy.whole("admission.ask_hours", now=now))
