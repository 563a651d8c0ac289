"""Whom of its people a clinic sees under observation at home, and where today's contact with each stands."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, Count, F, Func, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Collate, Concat

from medet.base.actor import Actor
from medet.base.clock import local_day, midnight
from medet.handovers.models import Observed
from medet.handovers.states import CLINIC, ContactToday

# What needs the clinic stands first.
ORDER = (
    ContactToday.TRYING,
    ContactToday.DOCTOR,
    ContactToday.WAITING,
    ContactToday.NOTHING,
    ContactToday.SPOKEN,
)


class Street(NamedTuple):
    """A street with people under observation."""

    fold: str
    name: str
    people: int


def at_clinic(actor: Actor) -> QuerySet[Observed]:
    """The people of the actor's clinics; the view shows nobody else's, this finds them by their clinic."""
    with connection.cursor() as cursor:
        # For this transaction: PostgreSQL takes the view for dear and compiles it each time, which takes longer than
        # the answer (measured: 260 ms with, 120 ms without).
        cursor.execute("select set_config('jit', 'off', true)")
    return Observed.objects.filter(clinic_id__in=actor.where(CLINIC))


def streets(actor: Actor) -> list[Street]:
    """Where they live, in the order of the streets' names; who has no address comes first, under no name. Together
    they are everybody."""
    rows = at_clinic(actor).values("address__street_fold").order_by("address__street_fold")
    named = rows.annotate(name=Min("address__street"), people=Count("pk"))
    return [Street(row["address__street_fold"] or "", row["name"] or "", row["people"]) for row in named]


def under_observation(actor: Actor, *, street: str = "", now: datetime) -> QuerySet[Any]:
    """By what needs the clinic, then along the streets from house to house: each with `today`, `rank`, `place`."""
    rows = at_clinic(actor).filter(address__street_fold=street) if street else at_clinic(actor)
    known = rows.annotate(today=_today(now), place=_place())
    rank = Case(*(When(today=code, then=Value(place)) for place, code in enumerate(ORDER)), output_field=IntegerField())
    return known.annotate(rank=rank).select_related("person", "address", "organisation").order_by("rank", "place", "pk")


def after(rows: QuerySet[Any], *, rank: int, uid: UUID) -> QuerySet[Any]:
    """What comes behind one row, which stood at `rank` when it was shown: whose contact was made meanwhile has another
    place now, and nobody is passed over for it. Where the row has gone the page begins with its rank."""
    last = rows.filter(uid=uid).first()
    behind = Q(place__gt=last.place) | Q(place=last.place, pk__gt=last.pk) if last else Q()
    return rows.filter(Q(rank__gt=rank) | Q(behind, rank=rank))


def _today(now: datetime) -> Case:
    """One word; somebody who was reached today is nobody's worry, and after the planned days a doctor decides."""
    spoken = Q(spoken_at__gte=midnight(now))
    doctor = Q(with_doctors=True) | Q(planned_end_on__lt=local_day(now))
    return Case(
        When(Q(is_handed=True) & ~spoken, then=Value(ContactToday.TRYING)),
        When(doctor, then=Value(ContactToday.DOCTOR)),
        When(spoken, then=Value(ContactToday.SPOKEN)),
        When(waits_on__lte=local_day(now), then=Value(ContactToday.WAITING)),
        default=Value(ContactToday.NOTHING),
        output_field=CharField(),
    )


def _place() -> Collate:
    """Street, house and flat as one key; numbers go by value, so that house 10 follows house 9."""
    parts = (F("address__street_fold"), _number("house"), F("address__house"), _number("flat"))
    spaced = [piece for part in parts for piece in (part, Value(" "))]
    return Collate(Concat(*spaced, output_field=CharField()), "C")


def _number(column: str) -> Coalesce:
    digits = Func(F(f"address__{column}"), template="lpad(substring(%(expressions)s from '^[0-9]+'), 9, '0')")
    return Coalesce(digits, Value(""), output_field=CharField())
