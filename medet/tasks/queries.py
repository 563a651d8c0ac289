"""The one indexed worklist."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from medet.base.actor import Actor
from medet.tasks.models import Task
from medet.tasks.rules import ladder_of, role_at
from medet.tasks.states import LADDER, TaskState, Weight


def worklist(actor: Actor, *, roles: frozenset[str], red_of: frozenset[str] = frozenset()) -> QuerySet[Task]:
    """Open tasks for some roles, each at organisations where the actor stands on its ladder: by weight, then deadline.

    `red_of`: roles whose red tasks are shown there as well, so that a danger sign stands on more than one desk.
    """
    places = {role: actor.where(ladder_of(role)) for role in sorted(roles)}
    everywhere = {place for own in places.values() for place in own}
    wanted = Q(role__in=red_of, weight=Weight.RED)
    for role, own in places.items():
        wanted |= answering(frozenset({role})) & Q(organisation_id__in=own)
    return (
        # All places once more outside the alternatives: the index begins with them.
        Task.objects.filter(wanted, state=TaskState.OPEN, organisation_id__in=everywhere)
        .select_related("person", "owner", "organisation")
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


def overdue(now: datetime) -> QuerySet[Task]:
    """Open tasks whose time is over, oldest first."""
    return Task.objects.filter(state=TaskState.OPEN, due_at__lte=now).order_by("due_at")


def open_about(uids: list[UUID]) -> dict[UUID, Task]:
    """The open task of each object."""
    rows = Task.objects.filter(state=TaskState.OPEN, about_uid__in=uids).select_related("owner")
    return {row.about_uid: row for row in rows}
