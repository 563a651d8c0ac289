"""The day's plan: who is owed a contact of the robot or of a doctor, and the campaign that holds the robot's."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from medet.base import policy
from medet.base.actor import Actor
from medet.base.clock import LOCAL, local_day
from medet.contacts.calls.actions import order_calls
from medet.contacts.campaigns.actions import DAILY
from medet.flows.day_campaign import day_campaign
from medet.flows.hand_many import hand_many
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

DAY = timedelta(days=1)
# A call and one repetition need so long: who comes later is a person's today, and the robot's from tomorrow on.
LEAST_LEFT = timedelta(minutes=30)


@transaction.atomic
def plan_day(*, day: date, by: Actor, now: datetime, campaign: str = DAILY, looked: datetime | None = None) -> int:
    """Plans a local day once or many times; returns how many contacts were new. `campaign`: who holds them; `looked`:
    until when those whose hours had begun were looked at, so that only who is new since is asked about again."""
    made = plan_contacts(day=day, zone=settings.TIME_ZONE)
    made += plan_doctors(day=day, zone=settings.TIME_ZONE, gap=policy.whole("video.max_gap_days", now=now))
    _hold(_robots(day), day, by=by, now=now, campaign=campaign, looked=looked)
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
    looked: datetime | None = None,
) -> None:
    """Each is its campaign's, or a person's where the robot cannot or must not ring.

    A person is asked when the hours of the contact have begun, by what is known then: before them nobody could close
    the task, for what the patient says this evening is today's and not tomorrow's.
    """
    new, begun = Q(order__isnull=True), Q(window_start__lte=now)
    if looked is not None:
        begun &= new | Q(window_start__gt=looked)
        if not planned.filter(new | begun).exists():
            return
    _hand_begun(planned.filter(begun), day, by=by, now=now)
    ahead = planned.filter(new, window_start__gt=now)
    waiting = {key for cannot in CANNOT.values() for key in cannot(ahead, now).values_list("pk", flat=True)}
    free = planned.filter(new).exclude(pk__in=waiting)
    for organisation_id in free.values_list("organisation_id", flat=True).distinct():
        held = day_campaign(organisation_id=organisation_id, on=day, by=by, now=now, name=campaign)
        order_calls(campaign=held, cases=cases, apart_from=waiting)


def _hand_begun(begun: QuerySet[DueContact], day: date, *, by: Actor, now: datetime) -> None:
    late = _too_late(begun, day, now)
    for reason, cannot in CANNOT.items():
        _hand(cannot(begun, now), reason, late, by=by, now=now)
    _hand(begun.filter(pk__in=late), "too_late_today", late, by=by, now=now)


def _too_late(begun: QuerySet[DueContact], day: date, now: datetime) -> frozenset[int]:
    """Who came when the day's hours of calls were all but over: "not reached by the robot" would not be true."""
    until, closes = now + LEAST_LEFT, policy.local_time("call.hours.end", now=now)
    new = begun.filter(order__isnull=True)
    late = new if datetime.combine(day, closes, LOCAL) < until else new.filter(window_end__lt=until)
    return frozenset(late.values_list("pk", flat=True))


def _hand(rows: QuerySet[DueContact], reason: str, late: Collection[int], *, by: Actor, now: datetime) -> None:
    """To the operators. Who came late is owed today and need not be woken: the task is due tomorrow, when the robot
    rings as well, and its call then settles both days."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    hand_many(
        keys=keys,
        reason=reason,
        since=lambda due: due.window_start + DAY if due.pk in late else now,
        by=by,
        now=now,
    )


def _unreachable(planned: QuerySet[DueContact], now: datetime) -> QuerySet[DueContact]:
    phones = Phone.objects.filter(person__root_id=OuterRef("person__root_id"), state__in=DIALLABLE)
    return planned.filter(~Exists(phones))


def _no_birth_date(planned: QuerySet[DueContact], now: datetime) -> QuerySet[DueContact]:
    """Without a year of birth the robot cannot know to whom it speaks."""
    return planned.filter(person__birth_date__isnull=True)


def _unwilling(planned: QuerySet[DueContact], now: datetime) -> QuerySet[DueContact]:
    """Who does not want robot calls; also those who said so when their call was ordered already."""
    agreed = last_consent(ConsentKind.ROBOT_CALLS, root="person__root_id")
    unasked = Value(bool(policy.value("call.without_consent", now=now)))
    return planned.annotate(agreed=Coalesce(agreed, unasked)).filter(agreed=False)


def _said_dead(planned: QuerySet[DueContact], now: datetime) -> QuerySet[DueContact]:
    """Who is recorded as dead at another centre: people ask, the robot does not (see contacts.calls.line.LIVING)."""
    dead = Case.objects.filter(
        person__root_id=OuterRef("person__root_id"),
        state=CaseState.DIED,
        ended_at__gte=OuterRef("enrolment__case__opened_at"),
    )
    return planned.filter(Exists(dead))


# Why the robot cannot or must not ring, in the order a person would ask; the words stand in web/parts/reasons.
CANNOT: dict[str, Callable[[QuerySet[DueContact], datetime], QuerySet[DueContact]]] = {
    "no_phone": _unreachable,
    "no_birth_date": _no_birth_date,
    "no_robot_consent": _unwilling,
    "ended_elsewhere": _said_dead,
}
