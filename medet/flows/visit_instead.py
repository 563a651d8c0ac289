"""Nobody answers: the clinic is asked to go there, and its visit holds what the calls could not."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.request_visit import VisitWish, request_visit
from medet.handovers.models import HomeVisit
from medet.monitoring.actions import move_due
from medet.monitoring.models import DueContact
from medet.monitoring.states import DueState
from medet.records.models import Case
from medet.tasks.actions import close_task
from medet.tasks.states import TaskState


@transaction.atomic
def visit_instead(*, case: Case, wish: VisitWish, by: Actor, now: datetime) -> HomeVisit:
    """Sends the request; contacts that lay with the operators are handed on to it."""
    visit = request_visit(case=case, wish=wish, by=by, now=now)
    for due in DueContact.objects.filter(enrolment__case=case, state=DueState.HANDED).order_by("pk"):
        move_due(due_id=due.pk, to=DueState.CANCELLED, by=by, now=now)
        close_task(about_uid=due.uid, outcome="home_visit", by=by, now=now, state=TaskState.HANDED_ON)
    return visit
