"""The clinic moves a home visit; each move closes one task and opens the next owner's."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import WORKER, Actor
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.contacts.actions import note_contact
from medet.contacts.states import Channel, ContactOutcome
from medet.flows.about import about_visit
from medet.flows.admission import confirm_admission
from medet.flows.write_contact import owed_until_today, settle
from medet.handovers.actions import VisitFindings, move_visit, record_visit
from medet.handovers.models import HomeVisit
from medet.handovers.states import VISIT_LIFE, VisitResult, VisitState
from medet.monitoring.queries import active_enrolment
from medet.records.actions import Value, note_diagnosis, record_readings
from medet.records.states import OBSERVED, Source
from medet.staff.states import Role
from medet.tasks.actions import Why, close_task, open_task
from medet.tasks.states import TaskKind, Weight

READ_RESULT = timedelta(hours=1)
LEFT_HOME = (VisitResult.ADMITTED, VisitResult.AMBULANCE)


@transaction.atomic
def advance_visit(*, visit: HomeVisit, to: VisitState, by: Actor, now: datetime, **changes: object) -> HomeVisit:
    """Received, assigned, under way, not found, refused, closed: anything but the result itself."""
    if to == VisitState.REFUSED and not str(changes.get("refusal", "")).strip():
        raise Refused("visit.reason_needed")
    moved = move_visit(visit_id=visit.pk, to=to, by=by, now=now, **changes)
    _next_owner(moved, by=by, now=now)
    return moved


@transaction.atomic
def finish_visit(*, visit: HomeVisit, findings: VisitFindings, by: Actor, now: datetime) -> HomeVisit:
    """Visited: the result goes to the centre's desk and onto the person's timeline."""
    if not findings.result:
        raise Refused("visit.result_needed")
    done = record_visit(visit_id=visit.pk, findings=findings, by=by, now=now)
    # What was seen at the door is part of the centre's record, which the clinic itself does not see.
    with scope(WORKER):
        _into_the_record(done, findings, by=by, now=now)
    _next_owner(done, by=by, now=now)
    return done


def _into_the_record(visit: HomeVisit, findings: VisitFindings, *, by: Actor, now: datetime) -> None:
    """Contact, diagnosis and test stand in the case; today's robot call is not needed any more."""
    enrolment = active_enrolment(visit.case)
    owed = owed_until_today(enrolment, now=now) if enrolment else []
    note_contact(
        case=visit.case,
        channel=Channel.VISIT,
        outcome=ContactOutcome.WRITTEN,
        language=visit.person.language,
        due_contact=owed[-1] if owed else None,
        by=by,
        now=now,
    )
    # A clinic has no say over the centre's plan: that the plan follows from its visit is the platform's doing.
    for due in owed:
        settle(due, by=WORKER, now=now)
    note_diagnosis(case=visit.case, icd10=findings.icd10, by=by, now=now)
    if findings.pcr_taken is not None:
        taken = Value(code="pcr_taken", choice="yes" if findings.pcr_taken else "no")
        record_readings(case=visit.case, values=[taken], source=Source.CLINIC, answers_uid=None, by=by, now=now)


def _next_owner(visit: HomeVisit, *, by: Actor, now: datetime) -> None:
    role = VISIT_LIFE.owes[visit.state]
    # One side's task ends and the other's begins; neither side sees both.
    with scope(WORKER):
        close_task(about_uid=visit.uid, outcome=visit.state, by=by, now=now)
        if role:
            _owe(visit, role, by=by, now=now)
        elif visit.result in LEFT_HOME and visit.case.state in OBSERVED:
            confirm_admission(after=visit, by=by, now=now)


def _owe(visit: HomeVisit, role: str, *, by: Actor, now: datetime) -> None:
    at_clinic = role == Role.CLINIC_RECEIVER
    open_task(
        kind=TaskKind.HOME_VISIT if at_clinic else TaskKind.VISIT_RESULT,
        about=about_visit(visit, at_clinic=at_clinic),
        role=role,
        why=Why(code=f"visit_{visit.state}", weight=_weight(visit), values={"result": visit.result}),
        due_at=_due(visit, at_clinic=at_clinic, now=now),
        by=by,
        now=now,
    )


def _weight(visit: HomeVisit) -> Weight:
    grave = visit.state == VisitState.NOT_FOUND or visit.result in LEFT_HOME
    return Weight.RED if grave else Weight.AMBER


def _due(visit: HomeVisit, *, at_clinic: bool, now: datetime) -> datetime:
    if not at_clinic:
        return now + READ_RESULT
    if visit.state == VisitState.RECEIVED:
        ack = timedelta(minutes=policy.whole("active_visit.ack_minutes", now=now))
        return min(now + ack, visit.visit_due_at)
    return visit.visit_due_at
