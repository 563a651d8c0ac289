"""The one indexed worklist."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When

from medet.base.actor import Actor
from medet.staff.rota.queries import home_since
from medet.tasks.models import Task
from medet.tasks.rules import ladder_of, role_at
from medet.tasks.states import LADDER, TaskKind, TaskState, Weight


def worklist(actor: Actor, *, roles: frozenset[str], red_of: frozenset[str] = frozenset()) -> QuerySet[Task]:
    """Open tasks for some roles, each at organisations where the actor stands on its ladder: by weight, then deadline.

    `red_of`: roles whose red tasks are shown there as well, so that a danger sign stands on more than one desk.
    The question of a swap is between two people until it climbs: nobody else's list shows it.
    """
    places = {role: actor.where(frozenset(ladder_of(role))) for role in sorted(roles)}
    everywhere = {place for own in places.values() for place in own}
    wanted = Q(role__in=red_of, weight=Weight.RED)
    for role, own in places.items():
        wanted |= answering(frozenset({role})) & Q(organisation_id__in=own)
    return (
        # All places once more outside the alternatives: the index begins with them.
        Task.objects.filter(wanted, state=TaskState.OPEN, organisation_id__in=everywhere)
        .exclude(~Q(owner_id=actor.user_id), kind=TaskKind.SWAP, owner__isnull=False)
        .select_related("person", "owner", "organisation", "handed_by")
        .order_by("weight", "due_at", "pk")
    )


def answering(roles: frozenset[str]) -> Q:
    """Tasks that stand on a rung where one of the roles answers, or stood there before."""
    wanted = Q(role__in=roles)
    for first, ladder in LADDER.items():
        for rung, role in enumerate(ladder[1:], start=1):
            if role in roles and role_at(rung, first) == role:
                wanted |= Q(role=first, rung__gte=rung)
    return wanted


def answered_by(actor: Actor) -> Q:
    """Tasks on whose ladder the actor stands at the task's organisation: `answers_for`, asked of the table."""
    wanted = Q(pk__in=[])
    for first in sorted({*LADDER, *actor.roles}):
        wanted |= Q(role=first, organisation_id__in=actor.where(frozenset(ladder_of(first))))
    return wanted


def held_since(moment: datetime) -> Q:
    """Tasks somebody took after a moment; what was taken before and left lying is free."""
    return Q(owner__isnull=False, taken_at__gte=moment)


def overdue(now: datetime) -> QuerySet[Task]:
    """Open tasks whose time is over, oldest first."""
    return Task.objects.filter(state=TaskState.OPEN, due_at__lte=now).order_by("due_at")


def late_at(at: datetime) -> QuerySet[Task]:
    """What was open and late at a moment, `late_from` its first time; whoever climbed or was tried in vain meanwhile is
    late all the same, so that yesterday is counted like today."""
    # By its state, not by an empty closing time: the indexes of open tasks are by their state.
    was_open = Q(state=TaskState.OPEN) | Q(closed_at__gt=at)
    kept = Q(late_since__lte=at) & (Q(late_until__isnull=True) | Q(late_until__gt=at))
    rows = Task.objects.filter(was_open, kept | Q(due_at__lte=at), opened_at__lte=at)
    return rows.annotate(late_from=Case(When(kept, then=F("late_since")), default=F("due_at")))


def open_about(uids: list[UUID]) -> dict[UUID, Task]:
    """The open task of each object."""
    rows = Task.objects.filter(state=TaskState.OPEN, about_uid__in=uids).select_related("owner")
    return {row.about_uid: row for row in rows}


def held_by(user_id: int | None) -> QuerySet[Task]:
    """What somebody has taken and must hand over before going home, the gravest first."""
    rows = Task.objects.filter(owner_id=user_id, owner__isnull=False, state=TaskState.OPEN)
    rows = rows.exclude(kind=TaskKind.SWAP).select_related("person", "organisation", "handed_by")
    return rows.order_by("weight", "due_at", "pk")


def left_behind(*, now: datetime, after: timedelta) -> QuerySet[Task]:
    """Tasks held for so long by somebody who went home."""
    at_home, since = home_since("owner", now=now)
    held = Task.objects.filter(state=TaskState.OPEN, owner__isnull=False).exclude(kind=TaskKind.SWAP)
    rows = held.filter(at_home).annotate(home=since).filter(home__lte=now - after)
    # Who took it after the shift is given the same time to begin one.
    return rows.filter(Q(taken_at__isnull=True) | Q(taken_at__lte=now - after)).order_by("pk")
