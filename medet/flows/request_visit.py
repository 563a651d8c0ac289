"""The centre asks a clinic for a home visit: the request is filled from the record and its clock starts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import WORKER, Actor
from medet.base.clock import LOCAL
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.about import about_visit
from medet.handovers.actions import VisitOrder, send_visit
from medet.handovers.models import HomeVisit
from medet.handovers.rules import visit_due
from medet.handovers.states import ClinicChoice
from medet.monitoring.models import Answers
from medet.monitoring.queries import answers_of
from medet.people.models import Address, Person
from medet.people.queries import address_of, attachment_of, diallable_phones
from medet.places.models import Organisation
from medet.places.queries import clinic_by_address
from medet.records.models import Case
from medet.staff.states import Role
from medet.tasks.actions import Why, open_task
from medet.tasks.states import TaskKind, Weight

DAY_ENDS = time(20, 0)


@dataclass(frozen=True, kw_only=True)
class VisitWish:
    """What a person of the centre chooses; the rest comes from the record."""

    reason: str
    urgency: str
    reason_text: str = ""
    note: str = ""
    clinic: Organisation | None = None
    icd10: str | None = None


@dataclass(frozen=True)
class Choice:
    """The clinic that is asked, how it was chosen, and the other one that was possible."""

    clinic: Organisation
    how: ClinicChoice
    why: dict[str, str]


def choose_clinic(person: Person, address: Address | None) -> Choice | None:
    """The clinic of the actual address, since the doctor goes there; else the clinic of attachment."""
    found = clinic_by_address(district=address.district, street=address.street) if address else None
    attached = attachment_of(person)
    if found:
        other = attached.clinic.name_ru if attached and attached.clinic_id != found.clinic.pk else ""
        return Choice(found.clinic, ClinicChoice.ADDRESS, {"rule": found.rule, "attached": other})
    return Choice(attached.clinic, ClinicChoice.ATTACHED, {"rule": "no_catchment"}) if attached else None


@transaction.atomic
def request_visit(*, case: Case, wish: VisitWish, by: Actor, now: datetime) -> HomeVisit:
    """Sends the request and opens the clinic's task to acknowledge it."""
    visit = send_visit(case=case, order=_order(case, wish, now=now), by=by, now=now)
    ask_clinic(visit, by=by, now=now)
    return visit


def ask_clinic(visit: HomeVisit, *, by: Actor, now: datetime) -> None:
    """The clinic's task to acknowledge a request that was sent."""
    ack = timedelta(minutes=policy.whole("active_visit.ack_minutes", now=now))
    # The clinic's task: who asks may not write there themselves.
    with scope(WORKER):
        open_task(
            kind=TaskKind.HOME_VISIT,
            about=about_visit(visit, at_clinic=True),
            role=Role.CLINIC_RECEIVER,
            why=Why(code="visit_sent", weight=Weight.AMBER, values={"urgency": visit.urgency}),
            due_at=min(now + ack, visit.visit_due_at),
            by=by,
            now=now,
        )


def _order(case: Case, wish: VisitWish, *, now: datetime) -> VisitOrder:
    address = address_of(case.person)
    if address is None:
        raise Refused("visit.no_address")
    choice = Choice(wish.clinic, ClinicChoice.BY_HAND, {}) if wish.clinic else choose_clinic(case.person, address)
    if choice is None:
        raise Refused("visit.no_clinic")
    last = answers_of(case).first()
    complaints, measures = _told(last)
    phone = diallable_phones(case.person).first()
    return VisitOrder(
        clinic=choice.clinic,
        clinic_choice=choice.how,
        clinic_why=choice.why,
        reason=wish.reason,
        reason_text=wish.reason_text,
        urgency=wish.urgency,
        complaints=complaints,
        measures=measures,
        programme_code=last.programme.code if last else "",
        icd10=wish.icd10 or case.icd10,
        note=wish.note,
        address=f"{address.street}, {address.house}",
        district=address.district.kato,
        door=_door(address),
        phone=phone.number if phone else "",
        visit_due_at=_due(wish.urgency, now=now),
    )


def _told(last: Answers | None) -> tuple[dict[str, str], dict[str, str]]:
    if last is None:
        return {}, {}
    measures = {measure.key for measure in last.programme.file.measures}
    told = {key: str(value) for key, value in last.values.items()}
    return (
        {key: value for key, value in told.items() if key not in measures},
        {key: value for key, value in told.items() if key in measures},
    )


def _door(address: Address) -> dict[str, str]:
    parts = {name: str(getattr(address, name)) for name in ("flat", "entrance", "floor", "intercom", "note")}
    return {name: text for name, text in parts.items() if text}


def _due(urgency: str, *, now: datetime) -> datetime:
    local = now.astimezone(LOCAL)
    day_end = datetime.combine(local.date(), DAY_ENDS, LOCAL)
    return visit_due(urgency, now=now, day_end=day_end, hours=policy.whole("active_visit.visit_hours", now=now))
