"""Cases and readings as screens read them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from medet.base import audit
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.people.models import Person
from medet.records.models import Case, Conclusion, Reading
from medet.records.states import OBSERVED, OPEN


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


def observed(organisation_id: int) -> QuerySet[Case]:
    """Cases observed at home by an organisation now."""
    return Case.objects.filter(organisation_id=organisation_id, state__in=OBSERVED)


def readings_of(case: Case, code: str, *, since: datetime) -> QuerySet[Reading]:
    """Values of one code, newest first."""
    return Reading.objects.filter(case=case, code=code, at__gte=since).order_by("-at", "-pk")


def conclusions_of(case: Case) -> QuerySet[Conclusion]:
    """Conclusions of a case in force (not amended), newest first."""
    return (
        Conclusion.objects.filter(case=case, amended_by__isnull=True).select_related("by_user").order_by("-signed_at")
    )
