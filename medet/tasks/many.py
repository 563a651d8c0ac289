"""Many tasks at once: the rows of `rows.py` in a few statements."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.tasks.actions import open_task
from medet.tasks.models import Task
from medet.tasks.rows import Wanted, task_row, told_of
from medet.tasks.states import TaskState


@transaction.atomic(savepoint=False)
def open_many(*, wanted: Sequence[Wanted], by: Actor, now: datetime) -> None:
    """A task about each object, all of them different; the few that have one already are raised as by `open_task`."""
    uids = [one.about.uid for one in wanted]
    known = set(Task.objects.filter(state=TaskState.OPEN, about_uid__in=uids).values_list("about_uid", flat=True))
    for one in wanted:
        if one.about.uid in known:
            open_task(**vars(one), by=by, now=now)
    rows = [task_row(one, now=now) for one in wanted if one.about.uid not in known]
    bulk.insert(Task, rows)
    told = [told_of(Task(**row), code=row["reason"]) for row in rows]
    journal.append_many(kind="task.opened", by=by, now=now, told=told)
