"""The only writers of cases, readings and conclusions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from medet.base import journal
from medet.base.actor import WORKER, Actor
from medet.base.evidence import keep
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.base.states import NEW, check_move
from medet.people.actions import close_episode, lock_root, open_episode
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.codes import check_code
from medet.records.models import Allergy, Case, CloseContact, Conclusion, Reading, Treatment
from medet.records.rows import Diagnosis, case_row
from medet.records.states import (
    CASE_LIFE,
    DOCTORS,
    ENDED,
    OPEN,
    CaseState,
    Classification,
    Severity,
    Source,
    WithoutPcr,
)

__all__ = ["Diagnosis"]  # what an action takes


@transaction.atomic
def open_case(*, person: Person, diagnosis: Diagnosis, organisation: Organisation, by: Actor, now: datetime) -> Case:
    """Opens a case; refuses a second open one for the same human being."""
    check_move(CASE_LIFE, NEW, CaseState.OPENED, by.roles_at(organisation.pk))
    _refuse_second(lock_root(person=person), organisation, by)
    case = Case.objects.create(**case_row(person.pk, diagnosis, organisation_id=organisation.pk, now=now))
    open_episode(person_id=person.pk, organisation_id=organisation.pk, reason="case", object_uid=case.uid, now=now)
    _journal(case, kind="case.opened", code=diagnosis.classification, by=by, now=now)
    return case


def _refuse_second(root: int, organisation: Organisation, by: Actor) -> None:
    """One open case a human being; where another centre has it, which ours does not see, its name says whom to ring.
    Who is recorded as dead is nobody to follow, unless somebody decides who may say that the record was wrong."""
    with scope(WORKER):
        cases = Case.objects.filter(person__root_id=root, state__in=OPEN).select_related("organisation")
        other = cases.first()
        died = Case.objects.filter(person__root_id=root, state=CaseState.DIED).exists()
    if other and other.organisation_id == organisation.pk:
        raise Refused("case.already_open")
    if other:
        raise Refused("case.open_elsewhere", organisation=other.organisation.name)
    if died and not by.roles_at(organisation.pk) & DOCTORS:
        raise Refused("case.person_died")


@transaction.atomic
def note_allergy(*, person: Person, substance: str, organisation_id: int, by: Actor, now: datetime) -> None:
    """What a person must not be given; the same substance again changes nothing."""
    words = substance.strip()
    if not words:
        raise Refused("allergy.missing")
    if Allergy.objects.filter(person__root_id=person.root_id, substance__iexact=words).exists():
        return
    Allergy.objects.create(person=person, organisation_id=organisation_id, substance=words, noted_at=now)
    journal.append(
        kind="allergy.noted",
        by=by,
        now=now,
        person_id=person.pk,
        object_uid=person.uid,
        organisation_id=organisation_id,
        code=words,
    )


@transaction.atomic
def lock_case(*, case_id: int) -> None:
    """For stories that move what hangs on a case before the case itself (see monitoring.actions.lock_due)."""
    Case.objects.select_for_update(no_key=True).get(pk=case_id)


@transaction.atomic
def move_case(*, case_id: int, to: CaseState, by: Actor, now: datetime, why: str = "") -> Case:
    """Moves a case along its life; the row is locked, so a dialler's claim waits or loses."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    check_move(CASE_LIFE, case.state, to, by.roles_at(case.organisation_id))
    before, case.state = case.state, to
    case.ended_at = now if to in ENDED else None
    case.save(update_fields=["state", "ended_at"])
    if to in ENDED:
        close_episode(object_uid=case.uid, until=now)
    _journal(case, kind="case.moved", code=to, by=by, now=now, values={"from": before, "why": why})
    return case


@transaction.atomic
def classify_case(*, case_id: int, classification: Classification, icd10: str, by: Actor, now: datetime) -> Case:
    """A test confirms a suspected case, or a withdrawn test takes that back."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.state not in OPEN:
        raise Refused("case.not_observed")
    before = {"classification": case.classification, "icd10": case.icd10}
    case.classification, case.icd10 = classification, check_code("icd10", icd10)
    case.save(update_fields=["classification", "icd10"])
    _journal(case, kind="case.classified", code=classification, by=by, now=now, values={"from": before})
    return case


def _journal(
    case: Case,
    *,
    kind: str,
    code: str,
    by: Actor,
    now: datetime,
    values: Mapping[str, object] | None = None,
    object_uid: UUID | None = None,
) -> None:
    journal.append(
        kind=kind,
        by=by,
        now=now,
        person_id=case.person_id,
        case_id=case.pk,
        object_uid=object_uid or case.uid,
        organisation_id=case.organisation_id,
        code=code,
        values=values or {},
    )


@transaction.atomic
def note_diagnosis(*, case: Case, icd10: str, by: Actor, now: datetime) -> None:
    """The diagnosis of a doctor who saw the person; the same one again changes nothing."""
    if Case.objects.filter(pk=case.pk).exclude(icd10=icd10).update(icd10=check_code("icd10", icd10)):
        _journal(case, kind="case.diagnosis", code=icd10, by=by, now=now, values={"from": case.icd10})


@transaction.atomic
def note_without_pcr(*, case: Case, why: WithoutPcr, by: Actor, now: datetime) -> None:
    """The reason to call somebody well without a negative test."""
    _journal(case, kind="case.without_pcr", code=why, by=by, now=now)


@transaction.atomic
def note_close_contact(*, case: Case, name: str, number: str, by: Actor, now: datetime) -> CloseContact:
    """Somebody who was near the patient, as the patient tells it."""
    near = CloseContact.objects.create(
        case=case,
        organisation_id=case.organisation_id,
        name=name.strip(),
        number=number,
        by_user_id=by.user_id,
        noted_at=now,
    )
    _journal(case, kind="close_contact.noted", code="", by=by, now=now, values={"close_contact": str(near.uid)})
    return near


@transaction.atomic
def register_close_contact(*, near: CloseContact, person: Person, by: Actor, now: datetime) -> None:
    """The one who was near is a person of the register now."""
    CloseContact.objects.filter(pk=near.pk).update(person=person)
    values = {"close_contact": str(near.uid)}
    _journal(near.case, kind="close_contact.registered", code="", by=by, now=now, values=values)


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value to record: a number with its unit, or a coded choice."""

    code: str
    number: Decimal | None = None
    choice: str = ""
    unit: str = ""


@transaction.atomic(savepoint=False)
def record_readings(
    *,
    case: Case,
    values: Iterable[Value],
    source: Source,
    answers_uid: UUID | None,
    by: Actor,
    now: datetime,
) -> list[Reading]:
    """Appends readings; a reading is never changed afterwards."""
    rows = Reading.objects.bulk_create(
        [
            Reading(
                person_id=case.person_id,
                case=case,
                organisation_id=case.organisation_id,
                at=now,
                source=source,
                answers_uid=answers_uid,
                by_user_id=by.user_id,
                **vars(value),
            )
            for value in values
        ]
    )
    if rows:
        said = {row.code: row.choice or str(row.number) for row in rows}
        _journal(case, kind="readings.recorded", code=source, by=by, now=now, values=said, object_uid=answers_uid)
    return rows


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a doctor concludes, from coded lists and free words."""

    severity: Severity
    icd10: str
    outcome: str
    advice: tuple[str, ...] = ()
    treatment: str = ""
    note: str = ""
    next_contact_on: date | None = None


@transaction.atomic
def sign_conclusion(
    *, case: Case, findings: Findings, amends: Conclusion | None = None, by: Actor, now: datetime
) -> Conclusion:
    """Signs a conclusion, or a newer version of one; the signed text itself never changes."""
    if amends and Conclusion.objects.filter(amends=amends).exists():
        raise Refused("conclusion.amended")
    conclusion = Conclusion.objects.create(
        case=case,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        version=amends.version + 1 if amends else 1,
        amends=amends,
        by_user_id=_signer(case, by),
        signed_at=now,
        **_coded(findings),
    )
    Case.objects.filter(pk=case.pk).update(severity=findings.severity, icd10=findings.icd10)
    if amends:
        Treatment.objects.filter(conclusion=amends, ended_at__isnull=True).update(ended_at=now)
    if findings.treatment:
        Treatment.objects.create(
            case=case,
            organisation_id=case.organisation_id,
            conclusion=conclusion,
            text=findings.treatment,
            started_at=now,
            by_user_id=by.user_id,
        )
    keep(
        kind="conclusion.signed",
        object_uid=conclusion.uid,
        facts=_facts(conclusion),
        by=by,
        now=now,
    )
    _journal(
        case,
        kind="conclusion.signed",
        code=findings.outcome,
        by=by,
        now=now,
        values={"conclusion": str(conclusion.uid), "severity": findings.severity, "icd10": findings.icd10},
    )
    return conclusion


def _signer(case: Case, by: Actor) -> int:
    if by.user_id is None or not by.roles_at(case.organisation_id) & DOCTORS:
        raise Refused("conclusion.needs_a_doctor")
    return by.user_id


def _coded(findings: Findings) -> dict[str, object]:
    return {
        "severity": findings.severity,
        "icd10": check_code("icd10", findings.icd10),
        "outcome": check_code("outcomes", findings.outcome),
        "advice": [check_code("advice", code) for code in findings.advice],
        "treatment": findings.treatment,
        "note": findings.note,
        "next_contact_on": findings.next_contact_on,
    }


def _facts(conclusion: Conclusion) -> dict[str, object]:
    names = ("severity", "icd10", "outcome", "advice", "treatment", "note", "version", "by_user_id")
    return {name: getattr(conclusion, name) for name in names}
