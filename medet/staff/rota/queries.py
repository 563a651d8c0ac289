"""Who is planned, who is really there, and who is at home by now."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from medet.base import policy
from medet.base.clock import local_day
from medet.staff.models import User
from medet.staff.queries import roles_of
from medet.staff.rota.models import Duty, Need, Shift, Swap
from medet.staff.rota.states import SwapState
from medet.staff.states import Role

# Longer than any duty: how far back one that is not over yet can have begun.
LONGEST = timedelta(hours=36)


def duties(organisation_id: int, *, since: datetime, until: datetime) -> QuerySet[Duty]:
    """What stands in the rota within a span, by its beginning; bounded on both sides, so it is read from its index."""
    rows = Duty.objects.filter(organisation_id=organisation_id, dropped_at__isnull=True)
    span = rows.filter(starts_at__gt=since - LONGEST, starts_at__lt=until, ends_at__gt=since)
    return span.select_related("user").order_by("starts_at", "pk")


def duties_of(user_id: int, *, since: datetime) -> QuerySet[Duty]:
    """One's own duties that are not over at a moment."""
    rows = Duty.objects.filter(user_id=user_id, dropped_at__isnull=True, ends_at__gt=since)
    return rows.select_related("organisation").order_by("starts_at")


def duty_of(user_id: int | None, *, now: datetime) -> Duty | None:
    """The duty that runs, or begins within the time in which one comes to work."""
    if user_id is None:
        return None
    soon = now + ahead(now)
    rows = Duty.objects.filter(user_id=user_id, dropped_at__isnull=True, starts_at__lte=soon, ends_at__gt=now)
    return rows.order_by("starts_at").first()


def ahead(now: datetime) -> timedelta:
    """How early somebody comes before a duty begins."""
    return timedelta(minutes=policy.whole("shift.ahead_minutes", now=now))


def running_shift(user_id: int | None) -> Shift | None:
    """The shift somebody has begun and not ended."""
    if user_id is None:
        return None
    return Shift.objects.filter(user_id=user_id, ended_at__isnull=True).first()


def colleagues(roles: Iterable[str], organisation_id: int, *, now: datetime) -> list[User]:
    """Who can be handed something now: on shift, or on duty now or within a moment, in one of the roles."""
    here = {"organisation_id": organisation_id, "role__in": list(roles)}
    on_shift = Shift.objects.filter(user=OuterRef("pk"), ended_at__isnull=True, **here)
    on_duty = Duty.objects.filter(
        user=OuterRef("pk"), dropped_at__isnull=True, starts_at__lte=now + ahead(now), ends_at__gt=now, **here
    )
    there = User.objects.filter(Exists(on_shift) | Exists(on_duty), is_active=True)
    return list(there.order_by("family_name", "given_name", "pk"))


def duty_called(uid: str, *, organisation_id: int) -> Duty | None:
    """A duty that stands in the rota of an organisation, by what an address says; nonsense is none."""
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    rows = Duty.objects.filter(uid=wanted, organisation_id=organisation_id, dropped_at__isnull=True)
    return rows.select_related("user", "organisation").first()


def asked_about(duty: Duty) -> Swap | None:
    """The open question about a duty."""
    return open_swaps().filter(duty=duty).first()


def swaps_seen_by(user_id: int, *, now: datetime) -> QuerySet[Swap]:
    """Open questions one asked or is asked; for a supervisor also those of their place."""
    led = [row.organisation_id for row in roles_of(user_id, now=now) if row.role == Role.SUPERVISOR]
    return open_swaps().filter(Q(asked_by=user_id) | Q(colleague=user_id) | Q(duty__organisation__in=led))


def open_swaps() -> QuerySet[Swap]:
    """Questions without an answer."""
    rows = Swap.objects.filter(state=SwapState.ASKED).order_by("asked_at", "pk")
    return rows.select_related("duty__organisation", "in_return", "asked_by", "colleague")


def swaps_too_late(now: datetime) -> QuerySet[Swap]:
    """Questions about a duty that has begun, or that is out of the rota: nobody can answer them any more."""
    gone = Q(duty__starts_at__lte=now) | Q(duty__dropped_at__isnull=False)
    gone |= Q(in_return__starts_at__lte=now) | Q(in_return__dropped_at__isnull=False)
    return open_swaps().filter(gone)


def needs(organisation_id: int, *, now: datetime) -> list[Need]:
    """What is asked for from today on."""
    day = local_day(now)
    rows = Need.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), organisation_id=organisation_id)
    return list(rows.order_by("role", "language", "starts", "weekday", "valid_from"))


def forgotten_shifts(now: datetime) -> QuerySet[Shift]:
    """Running shifts long after the duty was over, or after so long a time that nobody works it."""
    late = now - timedelta(minutes=policy.whole("shift.forgotten_minutes", now=now))
    longest = now - timedelta(hours=policy.whole("duty.longest_hours", now=now))
    stands = Duty.objects.filter(user=OuterRef("user"), dropped_at__isnull=True)
    running = stands.filter(ends_at__gt=late, starts_at__lte=now + ahead(now))
    was = stands.filter(ends_at__lte=late, ends_at__gt=OuterRef("started_at"))
    over = Q(Exists(was), started_at__lte=late) | Q(started_at__lte=longest)
    return Shift.objects.filter(over & ~Exists(running), ended_at__isnull=True).order_by("started_at")


def home_since(user: str, *, now: datetime) -> tuple[Q, Greatest]:
    """For a queryset whose rows name a user: the condition that they are at home, and the moment since when.

    At home is who has no running shift and no duty that goes on; who ended the shift went before the duty was over.
    Somebody who never worked by the rota is never at home by it: the moment is then empty.
    """
    shifts, rows = Shift.objects.filter(user=OuterRef(user)), Duty.objects.filter(user=OuterRef(user))
    last = shifts.filter(ended_at__isnull=False).order_by("-ended_at").values("ended_at")[:1]
    stands = rows.filter(dropped_at__isnull=True)
    going_on = stands.filter(starts_at__lte=now + ahead(now), ends_at__gt=now)
    # Who ended a shift since it began has gone home early.
    going_on = going_on.exclude(Exists(Shift.objects.filter(user=OuterRef("user"), ended_at__gt=OuterRef("starts_at"))))
    was = stands.filter(ends_at__lte=now).order_by("-ends_at").values("ends_at")[:1]
    condition = ~Exists(shifts.filter(ended_at__isnull=True)) & ~Exists(going_on)
    return condition, Greatest(Subquery(last), Subquery(was), output_field=DateTimeField())
