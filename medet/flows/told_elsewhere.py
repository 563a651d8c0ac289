"""Somebody whom another centre follows told ours how they are: it stands at once where they are followed.

Two centres do not follow one human being. Ours does not see the other's record, so nothing comes back but its name.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from medet.base import audit
from medet.base.actor import WORKER, Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.hand_contact import hand_contact
from medet.flows.request_visit import VisitWish
from medet.flows.visit_elsewhere import wish_visit
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.queries import active_enrolment, programme
from medet.monitoring.states import BY_ROBOT, DueState
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.models import Case
from medet.records.states import OPEN, Source


@transaction.atomic
def told_elsewhere(
    *,
    person: Person,
    organisation: Organisation,
    given: Mapping[str, str],
    visit: VisitWish | None = None,
    by: Actor,
    now: datetime,
) -> Case | None:
    """The case at another centre, with what was told in it; None when nobody else follows this person."""
    with scope(WORKER):
        cases = Case.objects.filter(person__root_id=person.root_id, state__in=OPEN).exclude(organisation=organisation)
        case = cases.select_related("organisation", "person").first()
        enrolment = active_enrolment(case) if case else None
        if case and enrolment is None:
            raise Refused("case.open_elsewhere", organisation=case.organisation.name)
        if case and enrolment:
            _write(enrolment, given, now=now)
            _ask_to_ring(enrolment, now=now)
            if visit:
                wish_visit(enrolment=enrolment, visit=visit, by=by, now=now)
    if case:
        audit.record(by=by, now=now, action="told", person_id=person.root_id, why="followed elsewhere")
    return case


def _write(enrolment: Enrolment, given: Mapping[str, str], *, now: datetime) -> None:
    """Readings, and alerts with their tasks: a danger sign has its doctor there, whoever heard it."""
    version = programme(enrolment.programme_code)
    known = {key: text for key, text in given.items() if version.file.question(key) or version.file.measure(key)}
    if known:
        told = Told(enrolment=enrolment, programme=version, source=Source.OPERATOR)
        answers_arrived(told=told, given=known, by=WORKER, now=now)


def _ask_to_ring(enrolment: Enrolment, *, now: datetime) -> None:
    """Their operators ring instead of the robot today."""
    today = DueContact.objects.filter(enrolment=enrolment, on=local_day(now), kind__in=BY_ROBOT)
    for due in today.filter(state=DueState.PLANNED).select_related("enrolment__case").order_by("pk"):
        hand_contact(due=due, reason="told_elsewhere", by=WORKER, now=now)
