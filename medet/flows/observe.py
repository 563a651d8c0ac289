"""A person comes under observation at home: the case moves, the programme begins, today is planned."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.about import about_case
from medet.flows.plan_day import plan_begun
from medet.monitoring.actions import enrol
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import programme
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.actions import Diagnosis, move_case, open_case
from medet.records.models import Case
from medet.records.states import CaseState
from medet.staff.states import Role
from medet.tasks.actions import Why, close_task, open_task
from medet.tasks.states import TaskKind

START_WITHIN = timedelta(hours=2)


@transaction.atomic
def register_case(
    *, person: Person, diagnosis: Diagnosis, organisation: Organisation, by: Actor, now: datetime
) -> Case:
    """A new case and the task to start its observation: from the first moment somebody owes the next step."""
    case = open_case(person=person, diagnosis=diagnosis, organisation=organisation, by=by, now=now)
    open_task(
        kind=TaskKind.START_OBSERVATION,
        about=about_case(case),
        role=Role.OPERATOR,
        why=Why(code="new_case"),
        due_at=now + START_WITHIN,
        by=by,
        now=now,
    )
    return case


@transaction.atomic
def observe(*, case: Case, programme_code: str, by: Actor, now: datetime) -> Enrolment:
    """Starts the observation, or starts it again after a hospital, and plans the rest of today."""
    enrolment = begin(case=case, programme_code=programme_code, by=by, now=now)
    plan_begun(cases=[case.pk], by=by, now=now)
    return enrolment


@transaction.atomic
def begin(*, case: Case, programme_code: str, by: Actor, now: datetime) -> Enrolment:
    """The observation without today's plan: who begins many at once plans once, in the same transaction."""
    to = CaseState.DISCHARGED_HOME if case.state == CaseState.ADMITTED else CaseState.AT_HOME
    moved = move_case(case_id=case.pk, to=to, by=by, now=now)
    enrolment = enrol(case=moved, programme=programme(programme_code), by=by, now=now)
    close_task(about_uid=moved.uid, outcome="started", by=by, now=now)
    return enrolment
