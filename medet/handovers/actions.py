"""The only writers of home visits."""

from collections.abc import Mapping, Sequence
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
from medet.handovers.states import CENTRE, CLINIC, OPEN, VISIT_LIFE, ClinicChoice, VisitResult, VisitState
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
    if to in (VisitState.CLOSED, VisitState.REDIRECTED):
        close_episode(object_uid=visit.uid, until=now)
    _journal(visit, code=to, by=by, now=now, values={"from": before})
    return visit


def _stamp(visit: HomeVisit, *, to: VisitState, by: Actor, now: datetime) -> None:
    if to == VisitState.RECEIVED:
        visit.received_at, visit.received_by_id = now, by.user_id
    if to in (VisitState.DONE, VisitState.NOT_FOUND, VisitState.REFUSED, VisitState.REDIRECTED):
        visit.ended_at = now
    if to == VisitState.ASSIGNED:
        visit.ended_at = None  # somebody goes once more: it is owed again, and the journal keeps the attempt before
    if to in (VisitState.CLOSED, VisitState.REDIRECTED):
        visit.closed_at = now


# What the next clinic is told and until when: all of it as it was sent.
CONTENT = (
    "case_id", "person_id", "organisation_id", "asked_by_id", "reason", "reason_text", "urgency", "complaints",
    "measures", "programme_code", "icd10", "note", "address", "district", "door", "phone", "risk_groups",
    "visit_due_at",
)  # fmt: skip


@transaction.atomic
def redirect(*, visit_id: int, to: Organisation, why: str, by: Actor, now: datetime) -> HomeVisit:
    """Hands a request on to another clinic with the same content and the same deadline; the new request comes back."""
    visit = HomeVisit.objects.select_for_update(of=("self",), no_key=True).select_related("clinic").get(pk=visit_id)
    if to.pk == visit.clinic_id:
        raise Refused("visit.same_clinic")
    if visit.clinic_id in by.organisation_ids and to.pk in _was_at(visit):
        raise Refused("visit.redirected_before")
    towards = visit.clinic_why | _names("to", to)
    move_visit(visit_id=visit.pk, to=VisitState.REDIRECTED, by=by, now=now, clinic_why=towards, refusal=why)
    sent = HomeVisit.objects.create(
        clinic=to,
        clinic_choice=ClinicChoice.BY_HAND,
        clinic_why=_names("from", visit.clinic),
        state=VisitState.SENT,
        created_at=now,
        sent_at=now,
        **{name: getattr(visit, name) for name in CONTENT},
    )
    HomeVisit.objects.filter(pk=visit.pk).update(redirected_to=sent)
    open_episode(person_id=sent.person_id, organisation_id=to.pk, reason="home_visit", object_uid=sent.uid, now=now)
    _journal(sent, code=VisitState.SENT, by=by, now=now, values={"reason": sent.reason, "urgency": sent.urgency})
    return sent


@transaction.atomic
def hand_on_visit(*, visit_id: int, to: Case, by: Actor, now: datetime) -> HomeVisit:
    """Two cases turned out to be one: the request goes on under the one that stays."""
    visit = HomeVisit.objects.select_for_update(no_key=True).get(pk=visit_id)
    visit.case = to
    visit.save(update_fields=["case"])
    _journal(visit, code=visit.state, by=by, now=now, values={"from": visit.state})
    return visit


def _was_at(visit: HomeVisit) -> set[int]:
    """The clinics that have redirected this request before."""
    found: set[int] = set()
    before = HomeVisit.objects.filter(redirected_to=visit).first()
    while before:
        found.add(before.clinic_id)
        before = HomeVisit.objects.filter(redirected_to=before).first()
    return found


def _names(key: str, place: Organisation) -> dict[str, str]:
    """A clinic by name: neither of two clinics may read the other's request."""
    return {f"{key}_kk": place.name_kk, f"{key}_ru": place.name_ru, f"{key}_en": place.name_en}


@transaction.atomic
def mark_shown(*, visit_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """A page of the clinic shows these requests to somebody who works there: written once."""
    new = HomeVisit.objects.filter(
        pk__in=visit_ids, clinic_id__in=by.where(CLINIC), state=VisitState.SENT, shown_at__isnull=True
    )
    # Whoever holds one at this moment shows it or moves it.
    rows = list(new.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    if rows:
        HomeVisit.objects.filter(pk__in=[row.pk for row in rows]).update(shown_at=now)
        journal.append_many(kind="home_visit.shown", by=by, now=now, told=[_told(row, "", {}) for row in rows])


@transaction.atomic
def note_ring(*, visit_ids: Sequence[int], code: str, heard: bool, by: Actor, now: datetime) -> None:
    """The robot rang the clinic's telephone on duty about these; `heard`: it rings about them no more."""
    rows = list(HomeVisit.objects.filter(pk__in=visit_ids).select_for_update(no_key=True).order_by("pk"))
    if heard:
        HomeVisit.objects.filter(pk__in=[row.pk for row in rows]).update(duty_heard_at=now)
    journal.append_many(kind="home_visit.rung", by=by, now=now, told=[_told(row, code, {}) for row in rows])


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
    towards = {name: text for name, text in visit.clinic_why.items() if name.startswith("to_")}
    told = _told(visit, code, {**values, **towards, "result": visit.result})
    journal.append(kind="home_visit.moved", by=by, now=now, **told._asdict())


def _told(visit: HomeVisit, code: str, values: Mapping[str, object]) -> journal.Told:
    """A row of the clinic that the centre which asked sees as well."""
    from_centre = {**values, "from_organisation": visit.organisation_id}
    return journal.Told(visit.uid, visit.person_id, visit.case_id, visit.clinic_id, code, from_centre)
