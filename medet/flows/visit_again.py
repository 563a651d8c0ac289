"""The clinic found nobody or refused: its request is closed and another one is sent, in one step."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitState


@transaction.atomic
def visit_again(*, visit: HomeVisit, wish: VisitWish, by: Actor, now: datetime) -> HomeVisit:
    """The person is never without an open request in between."""
    closed = advance_visit(visit=visit, to=VisitState.CLOSED, by=by, now=now)
    return request_visit(case=closed.case, wish=wish, by=by, now=now)
