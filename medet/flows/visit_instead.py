"""Nobody answers: the clinic is asked to go there. The call stays owed until somebody has really seen the person."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.request_visit import VisitWish, request_visit
from medet.handovers.models import HomeVisit
from medet.monitoring.models import DueContact
from medet.monitoring.states import DueState
from medet.records.models import Case
from medet.tasks.actions import rest_task


@transaction.atomic
def visit_instead(*, case: Case, wish: VisitWish, by: Actor, now: datetime) -> HomeVisit:
    """Sends the request; what operators owe rests until the visit should have been made. A visit that was made settles
    it (visit_moves); one that was refused or found nobody leaves it where it is, so nobody is lost with it."""
    visit = request_visit(case=case, wish=wish, by=by, now=now)
    for due in DueContact.objects.filter(enrolment__case=case, state=DueState.HANDED).order_by("pk"):
        rest_task(about_uid=due.uid, until=visit.visit_due_at, reason="visit_instead", by=by, now=now)
    return visit
