"""The only writers of home visits."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.evidence import keep
from medet.base.refused import Refused
from medet.base.states import check_move
from medet.handovers.models import HomeVisit
from medet.handovers.rules import roles_in
from medet.handovers.states import CENTRE, OPEN, VISIT_LIFE, VisitResult, VisitState
from medet.people.actions import close_episode, open_episode
from medet.places.models import Organisation
from medet.records.codes import check_code
from medet.records.models import Case


@dataclass(frozen=True, kw_only=True)
class VisitOrder:
    """What the clinic is asked and told; filled by the flow from the record as it stands now."""

    clinic: Organisation
    clinic_choice: str
    clinic_why: dict[str, str] = field(default_factory=dict)
    reason: str
    reason_text: str = ""
    urgency: str
    complaints: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    programme_code: str = ""
    icd10: str
    note: str = ""
    address: str
    district: str
    door: dict[str, str] = field(default_factory=dict)
    phone: str = ""
    visit_due_at: datetime


@transaction.atomic
def send_visit(*, case: Case, order: VisitOrder, by: Actor, now: datetime) -> HomeVisit:
    """Writes the request and sends it; the clinic may see the person from now on."""
    check_move(VISIT_LIFE, VisitState.DRAFT, VisitState.SENT, by.roles_at(case.organisation_id) & CENTRE)
    check_code("icd10", order.icd10)
    if HomeVisit.objects.filter(case=case, state__in=OPEN).exists():
        raise Refused("visit.already_open")
    visit = HomeVisit.objects.create(
        case=case,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        state=VisitState.SENT,
        asked_by_id=by.user_id,
        created_at=now,
        sent_at=now,
        risk_groups=case.risk_groups,
        **vars(order),
    )
    open_episode(
        person_id=case.person_id,
        organisation_id=order.clinic.pk,
        reason="home_visit",
        object_uid=visit.uid,
        now=now,
    )
    _journal(visit, code=VisitState.SENT, by=by, now=now, values={"reason": order.reason, "urgency": order.urgency})
    return visit


@transaction.atomic
def move_visit(*, visit_id: int, to: VisitState, by: Actor, now: datetime, **changes: object) -> HomeVisit:
    """Moves a visit along its life; the side that moves must be the side that owns the step."""
    visit = HomeVisit.objects.select_for_update(no_key=True).get(pk=visit_id)
    roles = roles_in(visit, by)
    if not roles:
        raise Refused("visit.not_yours")
    check_move(VISIT_LIFE, visit.state, to, roles)
    before, visit.state = visit.state, to
    for name, value in changes.items():
        setattr(visit, name, value)
    _stamp(visit, to=to, by=by, now=now)
    visit.save()
    if to == VisitState.CLOSED:
        close_episode(object_uid=visit.uid, until=now)
    _journal(visit, code=to, by=by, now=now, values={"from": before})
    return visit


def _stamp(visit: HomeVisit, *, to: VisitState, by: Actor, now: datetime) -> None:
    if to == VisitState.RECEIVED:
        visit.received_at, visit.received_by_id = now, by.user_id
    if to in (VisitState.DONE, VisitState.NOT_FOUND, VisitState.REFUSED):
        visit.ended_at = now
    if to in (VisitState.CLOSED, VisitState.REDIRECTED):
        visit.closed_at = now


@dataclass(frozen=True, kw_only=True)
class VisitFindings:
    """What the visiting doctor found."""

    result: VisitResult
    icd10: str
    note: str = ""
    pcr_taken: bool | None = None


@transaction.atomic
def record_visit(*, visit_id: int, findings: VisitFindings, by: Actor, now: datetime) -> HomeVisit:
    """The visit was made: its result, kept as evidence."""
    visit = move_visit(
        visit_id=visit_id,
        to=VisitState.DONE,
        by=by,
        now=now,
        result=findings.result,
        result_icd10=check_code("icd10", findings.icd10),
        result_note=findings.note,
        pcr_taken=findings.pcr_taken,
    )
    facts = {"result": findings.result, "icd10": findings.icd10, "note": findings.note, "pcr": findings.pcr_taken}
    keep(kind="visit.ended", object_uid=visit.uid, facts=facts, by=by, now=now)
    return visit


def _journal(visit: HomeVisit, *, code: str, by: Actor, now: datetime, values: dict[str, object]) -> None:
    journal.append(
        kind="home_visit.moved",
        by=by,
        now=now,
        person_id=visit.person_id,
        case_id=visit.case_id,
        object_uid=visit.uid,
        organisation_id=visit.clinic_id,
        code=code,
        values={**values, "from_organisation": visit.organisation_id, "result": visit.result},
    )
