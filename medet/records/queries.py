"""Cases and readings as screens read them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from medet.base import audit
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.people.models import Person
from medet.records.models import Allergy, Case, CloseContact, Conclusion, Reading, Treatment
from medet.records.rows import PCR
from medet.records.rules import PcrTest, last_test
from medet.records.states import OBSERVED, OPEN, Pcr
from medet.staff.models import User


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's organisations."""
    return Case.objects.filter(organisation_id__in=actor.organisation_ids).select_related("person")


def open_case_for(*, uid: UUID, by: Actor, now: datetime, why: str) -> Case:
    """One case for a page, with the read in the audit."""
    case = visible_to(by).filter(uid=uid).first()
    if case is None:
        raise Refused("person.not_visible")
    audit.record(
        by=by,
        now=now,
        action="read",
        person_id=case.person_id,
        object_uid=case.uid,
        organisation_id=case.organisation_id,
        why=why,
    )
    return case


def current_case(person: Person) -> Case | None:
    """The open case of a human being, whichever record it stands under."""
    return Case.objects.filter(person__root_id=person.root_id, state__in=OPEN).first()


def last_case(person: Person) -> Case | None:
    """The open case of a human being, else the one that ended last."""
    cases = Case.objects.filter(person__root_id=person.root_id).select_related("person")
    return cases.order_by(F("ended_at").desc(nulls_first=True), "-opened_at").first()


def observed(organisation_id: int) -> QuerySet[Case]:
    """Cases observed at home by an organisation now."""
    return Case.objects.filter(organisation_id=organisation_id, state__in=OBSERVED)


def told_of(case: Case, codes: Collection[str], *, since: datetime) -> QuerySet[Reading]:
    """Values of some codes, told or measured."""
    return Reading.objects.filter(case=case, code__in=codes, at__gte=since)


def numbers_of(case: Case, codes: list[str], *, since: datetime) -> dict[str, list[Reading]]:
    """Measured values by code, oldest first: the courses of a card in one query."""
    rows = Reading.objects.filter(case=case, code__in=codes, at__gte=since, number__isnull=False)
    courses: dict[str, list[Reading]] = {code: [] for code in codes}
    for row in rows.order_by("at", "pk"):
        courses[row.code].append(row)
    return courses


def tests_of(case_ids: Iterable[int]) -> list[tuple[int, PcrTest]]:
    """All that was said of PCR tests of some cases, in the order in which it was said."""
    rows = Reading.objects.filter(case_id__in=set(case_ids), code=PCR).order_by("pk")
    return [
        (case, PcrTest(local_day(at), Pcr(choice))) for case, at, choice in rows.values_list("case", "at", "choice")
    ]


def last_test_of(case: Case) -> PcrTest | None:
    """The newest PCR test of a case."""
    return last_test(test for _case, test in tests_of([case.pk]))


def allergies_of(person: Person) -> QuerySet[Allergy]:
    """What a human being must not be given."""
    return Allergy.objects.filter(person__root_id=person.root_id).order_by("pk")


def treatments_of(case: Case) -> QuerySet[Treatment]:
    """What is prescribed now, newest first."""
    return Treatment.objects.filter(case=case, ended_at__isnull=True).order_by("-started_at", "-pk")


def close_contacts_of(case: Case) -> QuerySet[CloseContact]:
    """Who was near the patient, in the order they were told."""
    return CloseContact.objects.filter(case=case).select_related("person").order_by("pk")


def close_contact(*, uid: UUID, by: Actor) -> CloseContact | None:
    """One of them, when the case is of the actor's organisations."""
    rows = CloseContact.objects.filter(uid=uid, organisation_id__in=by.organisation_ids, person__isnull=True)
    return rows.select_related("case").first()


def conclusions_of(case: Case) -> QuerySet[Conclusion]:
    """Conclusions of a case in force (not amended), newest first."""
    return (
        Conclusion.objects.filter(case=case, amended_by__isnull=True).select_related("by_user").order_by("-signed_at")
    )


def last_doctors(case_ids: Iterable[int]) -> dict[int, User]:
    """Who concluded last about each case."""
    rows = Conclusion.objects.filter(case_id__in=set(case_ids)).order_by("case", "-signed_at", "-pk").distinct("case")
    return {row.case_id: row.by_user for row in rows.select_related("by_user")}


def concluded_by(user_id: int | None) -> QuerySet[Conclusion]:
    """The last conclusions of one doctor about people who are at home, the next contact first."""
    newer = Conclusion.objects.filter(case=OuterRef("case"), signed_at__gt=OuterRef("signed_at"))
    rows = Conclusion.objects.filter(by_user_id=user_id, case__state__in=OBSERVED, amended_by__isnull=True)
    return (
        rows.filter(~Exists(newer)).select_related("person").order_by(F("next_contact_on").asc(nulls_last=True), "pk")
    )
