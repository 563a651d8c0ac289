"""The day's plan: who is owed a contact of the robot or of a doctor, and the campaign that holds the robot's."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from medet.base import policy
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.contacts.calls.actions import order_calls
from medet.contacts.campaigns.actions import DAILY
from medet.flows.day_campaign import day_campaign
from medet.flows.each import each
from medet.flows.hand_contact import hand_contact
from medet.monitoring.models import DueContact
from medet.monitoring.planning import plan_begun as plan_begun_contacts
from medet.monitoring.planning import plan_day as plan_contacts
from medet.monitoring.planning import plan_doctors
from medet.monitoring.states import DueKind, DueState
from medet.people.models import Phone
from medet.people.queries import last_consent
from medet.people.states import DIALLABLE, ConsentKind
from medet.records.models import Case
from medet.records.states import CaseState


@transaction.atomic
def plan_day(*, day: date, by: Actor, now: datetime, campaign: str = DAILY) -> int:
    """Plans a local day once or many times; returns how many contacts were new. `campaign`: who holds them."""
    made = plan_contacts(day=day, zone=settings.TIME_ZONE)
    made += plan_doctors(day=day, zone=settings.TIME_ZONE, gap=policy.whole("video.max_gap_days", now=now))
    _hold(_robots(day), day, by=by, now=now, campaign=campaign)
    return made


@transaction.atomic
def plan_begun(*, cases: Sequence[int], by: Actor, now: datetime) -> None:
    """The rest of today for observations that have just begun; everybody else's day is the planner's, and nobody is
    owed a doctor's contact on the first day."""
    day = local_day(now)
    plan_begun_contacts(day=day, zone=settings.TIME_ZONE, cases=cases)
    _hold(_robots(day).filter(enrolment__case__id__among=cases), day, cases, by=by, now=now)


def _robots(day: date) -> QuerySet[DueContact]:
    return DueContact.objects.filter(on=day, kind=DueKind.ROBOT, state=DueState.PLANNED)


def _hold(
    planned: QuerySet[DueContact],
    day: date,
    cases: Sequence[int] | None = None,
    *,
    by: Actor,
    now: datetime,
    campaign: str = DAILY,
) -> None:
    """Each is its campaign's, or a person's where the robot cannot or must not ring."""
    free = planned.filter(order__isnull=True)
    each(_unreachable(free), lambda due: hand_contact(due=due, reason="no_phone", by=by, now=now))
    # Without a year of birth the robot cannot know to whom it speaks.
    unknown = list(free.filter(person__birth_date__isnull=True))
    each(unknown, lambda due: hand_contact(due=due, reason="no_birth_date", by=by, now=now))
    unwilling = _unwilling(planned, now=now)
    each(unwilling, lambda due: hand_contact(due=due, reason="no_robot_consent", by=by, now=now))
    each(_said_dead(free), lambda due: hand_contact(due=due, reason="ended_elsewhere", by=by, now=now))
    for organisation_id in free.values_list("organisation_id", flat=True).distinct():
        held = day_campaign(organisation_id=organisation_id, on=day, by=by, now=now, name=campaign)
        order_calls(campaign=held, cases=cases)


def _unreachable(planned: QuerySet[DueContact]) -> list[DueContact]:
    phones = Phone.objects.filter(person__root_id=OuterRef("person__root_id"), state__in=DIALLABLE)
    return list(planned.filter(~Exists(phones)).select_related("enrolment__case"))


def _said_dead(planned: QuerySet[DueContact]) -> list[DueContact]:
    """Who is recorded as dead at another centre: people ask, the robot does not (see contacts.calls.line.LIVING)."""
    dead = Case.objects.filter(
        person__root_id=OuterRef("person__root_id"),
        state=CaseState.DIED,
        ended_at__gte=OuterRef("enrolment__case__opened_at"),
    )
    return list(planned.filter(Exists(dead)).select_related("enrolment__case"))


def _unwilling(planned: QuerySet[DueContact], *, now: datetime) -> list[DueContact]:
    """Who does not want robot calls; also those who said so when their call was ordered already."""
    agreed = last_consent(ConsentKind.ROBOT_CALLS, root="person__root_id")
    unasked = Value(bool(policy.value("call.without_consent", now=now)))
    refused = planned.annotate(agreed=Coalesce(agreed, unasked)).filter(agreed=False)
    return list(refused.select_related("enrolment__case"))
