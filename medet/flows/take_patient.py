"""A patient in somebody's hands, with everything that is owed for them; and the next one by one key."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from medet.base.actor import Actor
from medet.people.models import Person
from medet.tasks.actions import take_task
from medet.tasks.models import Task
from medet.tasks.rules import answers_for

LOOKED_AT = 100


@transaction.atomic
def take_patient(*, tasks: Iterable[Task], by: Actor, now: datetime, lock: timedelta | None = None) -> None:
    """All of it or nothing; `lock`: how long a colleague's hold counts (for ever without one)."""
    for task in tasks:
        take_task(task=task, by=by, now=now, lock=lock)


@transaction.atomic
def next_patient(*, waiting: QuerySet[Task], by: Actor, now: datetime) -> Person | None:
    """Takes it for the actor; two who press at the same moment get two patients. None when nobody waits.

    `waiting`: the list in its order. A patient of whom a colleague holds something already is passed over.
    """
    held = waiting.filter(owner__isnull=False).values("person__root_id")
    free = waiting.filter(owner__isnull=True, person__isnull=False).exclude(person__root_id__in=held)
    for task in free[:LOOKED_AT]:
        if task.person and answers_for(task.role, by.roles_at(task.organisation_id)) and _lock(task):
            take_patient(tasks=_of(task.person, free, by), by=by, now=now)
            return task.person
    return None


def _lock(task: Task) -> bool:
    """Whoever locks it first has the patient; the other goes on to the next one."""
    rows = Task.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=task.pk, owner__isnull=True, state=task.state).exists()


def _of(person: Person, free: QuerySet[Task], by: Actor) -> list[Task]:
    own = free.filter(person__root_id=person.root_id)
    return [task for task in own if answers_for(task.role, by.roles_at(task.organisation_id))]
