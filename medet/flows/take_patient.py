"""A patient in somebody's hands, with everything that is owed for them; and the next one by one key."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from medet.base.actor import Actor
from medet.people.actions import lock_root, try_root
from medet.people.models import Person
from medet.tasks.actions import take_task
from medet.tasks.models import Task
from medet.tasks.queries import answered_by, held_since

# More than press at once: whoever is locked by a colleague at this moment is passed over.
LOOKED_AT = 100


@transaction.atomic
def take_patient(*, tasks: Iterable[Task], by: Actor, now: datetime, lock: timedelta | None = None) -> None:
    """All of it or nothing; `lock`: how long a colleague's hold counts (for ever without one)."""
    tasks = list(tasks)
    # The human being first, so that two who take the same patient do not wait for each other's tasks.
    people = {task.person.root_id: task.person for task in tasks if task.person}
    for _root, person in sorted(people.items()):
        lock_root(person=person)
    for task in tasks:
        take_task(task=task, by=by, now=now, lock=lock)


@transaction.atomic
def next_patient(*, waiting: QuerySet[Task], by: Actor, now: datetime, lock: timedelta) -> Person | None:
    """Takes it for the actor; two who press at the same moment get two patients. None when nobody waits.

    `waiting`: the list in its order. A patient of whom somebody holds something is passed over, for as long as `lock`.
    """
    about = waiting.filter(person__isnull=False)
    held = about.filter(held_since(now - lock)).values("person__root_id")
    free = about.filter(answered_by(by)).exclude(person__root_id__in=held)
    for root in dict.fromkeys(free.values_list("person__root_id", flat=True)[:LOOKED_AT]):
        tasks = _locked(root, about, by, held_from=now - lock)
        if tasks:
            take_patient(tasks=tasks, by=by, now=now, lock=lock)
            return tasks[0].person
    return None


def _locked(root: int, about: QuerySet[Task], by: Actor, *, held_from: datetime) -> list[Task]:
    """Everything the actor may take of one human being; nothing when a colleague was quicker."""
    if not try_root(root):
        return []
    theirs = about.filter(person__root_id=root)
    tasks = list(theirs.filter(answered_by(by)).select_for_update(of=("self",)))
    return [] if theirs.filter(held_since(held_from)).exists() else tasks
