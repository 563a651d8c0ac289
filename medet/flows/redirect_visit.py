"""A request came to the wrong clinic: in one step it goes to another one, and its clock runs on."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import WORKER, Actor
from medet.base.scope import scope
from medet.flows.request_visit import ask_clinic
from medet.handovers.actions import redirect
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitState
from medet.places.models import Organisation
from medet.tasks.actions import close_task
from medet.tasks.states import TaskState


@transaction.atomic
def redirect_visit(*, visit: HomeVisit, to: Organisation, why: str, by: Actor, now: datetime) -> HomeVisit:
    """The task of the first clinic ends with its right to read; the other clinic's begins."""
    # The new request is the other clinic's row, which the first one does not see.
    with scope(WORKER):
        sent = redirect(visit_id=visit.pk, to=to, why=why, by=by, now=now)
        close_task(about_uid=visit.uid, outcome=VisitState.REDIRECTED, by=by, now=now, state=TaskState.HANDED_ON)
        ask_clinic(sent, by=by, now=now)
    return sent
