"""Whom a campaign that a supervisor asks for would ring, and who is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from medet.base import policy
from medet.contacts.calls.models import CallOrder
from medet.contacts.models.contact import Contact
from medet.contacts.states import ContactOutcome, OrderState
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.states import BY_ROBOT, DueState, EnrolmentState
from medet.people.models import Address, Attachment, Phone
from medet.people.queries import last_consent
from medet.people.states import DIALLABLE, ConsentKind

# Somebody talked with the patient.
TALKED = (ContactOutcome.COMPLETE, ContactOutcome.DANGER, ContactOutcome.PARTIAL, ContactOutcome.WRITTEN)
RUNG = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom to ring; what is empty does not narrow."""

    programme: str = ""
    district: str = ""  # КАТО
    clinic: str = ""  # uid
    language: str = ""
    quiet_days: int = 0  # nobody has talked with them for so many days

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a filter and a campaign."""
        return {name: value for name, value in vars(self).items() if value}


def wanted_from(kept: Mapping[str, Any]) -> Wanted:
    """What was kept; a key of an older release is passed over."""
    return Wanted(**{name: kept[name] for name in Wanted.__dataclass_fields__ if name in kept})


def chosen(wanted: Wanted, *, organisation_id: int, now: datetime) -> QuerySet[Any]:
    """Active observations that were asked for, each with `left_out`: why it is not rung, or RUNG."""
    rows: QuerySet[Any] = Enrolment.objects.filter(
        *_narrow(wanted, now=now), organisation_id=organisation_id, state=EnrolmentState.ACTIVE
    )
    unasked = Value(bool(policy.value("call.without_consent", now=now)))
    agreed = Coalesce(last_consent(ConsentKind.ROBOT_CALLS, root="person__root_id"), unasked)
    rows = rows.annotate(agreed=agreed).annotate(left_out=_left_out(now=now))
    return rows.select_related("person", "case").order_by("pk")


def counted(rows: QuerySet[Any]) -> dict[str, int]:
    """How many are rung and how many are left out for each reason."""
    return dict(rows.order_by().values_list("left_out").annotate(n=Count("pk")))


def _narrow(wanted: Wanted, *, now: datetime) -> list[Any]:
    found: list[Any] = []
    if wanted.programme:
        found.append(Q(programme_code=wanted.programme))
    if wanted.language:
        found.append(Q(person__language=wanted.language))
    if wanted.district:
        found.append(Exists(Address.objects.filter(_current(), district__kato=wanted.district)))
    if wanted.clinic:
        found.append(Exists(Attachment.objects.filter(_current(), clinic__uid=wanted.clinic)))
    if wanted.quiet_days:
        since = now - timedelta(days=wanted.quiet_days)
        talked = Contact.objects.filter(
            person__root_id=OuterRef("person__root_id"), outcome__in=TALKED, started_at__gt=since
        )
        found.append(~Exists(talked))
    return found


def _current() -> Q:
    """The address and the attachment of today of this human being."""
    return Q(person__root_id=OuterRef("person__root_id"), valid_to__isnull=True)


def _left_out(*, now: datetime) -> Case:
    """In the order somebody would ask: is it rung already, can it be rung, may it be rung."""
    held = CallOrder.objects.filter(enrolment=OuterRef("pk"), state=OrderState.WAITING, window_end__gt=now)
    planned = DueContact.objects.filter(enrolment=OuterRef("pk"), kind__in=BY_ROBOT, state=DueState.PLANNED)
    phones = Phone.objects.filter(person__root_id=OuterRef("person__root_id"), state__in=DIALLABLE)
    return Case(
        When(Exists(held) | Exists(planned.filter(window_end__gt=now)), then=Value("in_campaign")),
        When(~Exists(phones), then=Value("no_phone")),
        When(person__birth_date__isnull=True, then=Value("no_birth_date")),
        When(agreed=False, then=Value("no_robot_consent")),
        default=Value(RUNG),
        output_field=CharField(),
    )
