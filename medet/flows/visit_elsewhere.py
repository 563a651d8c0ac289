"""A home visit wished for at one centre, for somebody whom another one follows: its operators ring and send it."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from medet.base import policy
from medet.base.actor import WORKER, Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.flows.about import about_due
from medet.flows.hand_contact import hand_contact
from medet.flows.request_visit import VisitWish
from medet.handovers.states import Urgency
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.planning import plan_extra
from medet.monitoring.states import DueKind, DueState
from medet.records.models import Case
from medet.staff.states import Role
from medet.tasks.actions import Why, note_task, open_task
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState, Weight

WISHED = "visit_elsewhere"


def wish_visit(*, enrolment: Enrolment, visit: VisitWish, by: Actor, now: datetime) -> None:
    """Called in the scope of the worker and in the caller's transaction. Until the clinic itself would have had to
    answer; before everything else when the visit was wished for within two hours."""
    until = now + timedelta(minutes=policy.whole("active_visit.ack_minutes", now=now))
    weight = Weight.RED if visit.urgency == Urgency.TWO_HOURS else Weight.AMBER
    _ask(enrolment, weight, visit.note, until=until, by=by, now=now)


def hand_on_wish(*, ends: Case, stays: Enrolment, by: Actor, now: datetime) -> None:
    """Two cases turned out to be one: the visit is owed under the one that goes on, until the same time."""
    for task in Task.objects.filter(case_id=ends.pk, reason=WISHED, state=TaskState.OPEN).select_related("handed_by"):
        note = f"{task.handed_by}: {task.handed_note}" if task.handed_note else ""
        _ask(stays, Weight(task.weight), note, until=task.due_at, by=by, now=now)


def _ask(enrolment: Enrolment, weight: Weight, note: str, *, until: datetime, by: Actor, now: datetime) -> None:
    due = wished_for(enrolment).first() or _one_more(enrolment, until=until, now=now)
    open_task(
        kind=TaskKind.CALL_BY_HAND,
        about=about_due(due),
        role=Role.OPERATOR,
        why=Why(code=WISHED, weight=weight),
        due_at=until,
        by=WORKER,
        now=now,
    )
    if note:
        note_task(about_uid=due.uid, note=note, by=by, now=now)


def wished_for(enrolment: Enrolment) -> QuerySet[DueContact]:
    """The contact of a wish that no human being has seen to yet."""
    open_wishes = Task.objects.filter(case_id=enrolment.case_id, reason=WISHED, state=TaskState.OPEN)
    return DueContact.objects.filter(enrolment=enrolment, uid__in=open_wishes.values("about_uid"))


def _one_more(enrolment: Enrolment, *, until: datetime, now: datetime) -> DueContact:
    """A contact in a person's hands at once: today's own may be made already. Who is observed no more has none."""
    plan_extra(enrolments=[enrolment.pk], day=local_day(now), since=now, until=until)
    planned = DueContact.objects.filter(enrolment=enrolment, kind=DueKind.EXTRA, state=DueState.PLANNED)
    due = planned.select_related("enrolment__case").first()
    if due is None:
        raise Refused("case.open_elsewhere", organisation=enrolment.case.organisation.name)
    hand_contact(due=due, reason=WISHED, by=WORKER, now=now)
    return due
