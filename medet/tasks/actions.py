"""The only writers of tasks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.staff.models import User
from medet.tasks.models import Task
from medet.tasks.rows import About, Wanted, Why, task_row, told_of
from medet.tasks.rules import answers_for, is_held, is_held_by_another, tries_of
from medet.tasks.states import Takeover, TaskKind, TaskState

__all__ = ["About", "Why"]  # what the actions take

TRIES_A_RUNG = 3
LATENESS = ("late_since", "late_until")
_EVER = datetime.min.replace(tzinfo=UTC)


@transaction.atomic(savepoint=False)
def open_task(
    *,
    kind: TaskKind,
    about: About,
    role: str,
    why: Why,
    due_at: datetime,
    by: Actor,
    now: datetime,
    owner_id: int | None = None,
) -> Task:
    """Opens the one task about an object, or of one person; a graver reason raises the open one and never lowers it."""
    task = Task.objects.select_for_update().filter(about_uid=about.uid, state=TaskState.OPEN).first()
    if task is not None:
        return _raise(task, why=why, due_at=due_at)
    wanted = Wanted(kind=kind, about=about, role=role, why=why, due_at=due_at, owner_id=owner_id)
    task = Task.objects.create(**task_row(wanted, now=now))
    _journal(task, kind="task.opened", code=why.code, by=by, now=now)
    return task


def _raise(task: Task, *, why: Why, due_at: datetime) -> Task:
    if why.weight < task.weight or due_at < task.due_at:
        task.weight = min(task.weight, why.weight)
        task.due_at = min(task.due_at, due_at)
        task.reason, task.reason_values = why.code, why.values
        task.save(update_fields=["weight", "due_at", "reason", "reason_values"])
    return task


@transaction.atomic
def close_task(
    *, about_uid: UUID, outcome: str, by: Actor, now: datetime, state: TaskState = TaskState.DONE
) -> Task | None:
    """Closes the open task about an object, if there is one."""
    task = Task.objects.select_for_update().filter(about_uid=about_uid, state=TaskState.OPEN).first()
    if task is None:
        return None
    task.state, task.outcome, task.closed_at, task.closed_by_id = state, outcome, now, by.user_id
    task.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    _journal(task, kind="task.closed", code=outcome, by=by, now=now)
    return task


@transaction.atomic
def take_task(*, task: Task, by: Actor, now: datetime, lock: timedelta | None = None) -> Task:
    """Makes the actor the owner; refuses when a colleague already is. `lock`: how long a hold counts, also one's own:
    after it the same owner begins anew."""
    row = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk)
    if row.state != TaskState.OPEN:
        raise Refused("task.closed")
    if not answers_for(row.role, by.roles_at(row.organisation_id)):
        raise Refused("task.not_yours")
    fresh_since = now - lock if lock else _EVER
    if is_held_by_another(row, by.user_id, fresh_since=fresh_since):
        raise Refused("task.taken", name=str(row.owner))
    if row.owner_id != by.user_id or not is_held(row, fresh_since=fresh_since):
        row.owner_id, row.taken_at = by.user_id, now
        row.save(update_fields=["owner", "taken_at"])
    _journal(row, kind="task.taken", code="", by=by, now=now)
    return row


@transaction.atomic
def take_over(*, task: Task, why: Takeover, by: Actor, now: datetime) -> Task:
    """Takes what a colleague holds, with the reason; the colleague's name stays in the history."""
    row = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk)
    if row.state != TaskState.OPEN:
        raise Refused("task.closed")
    if not answers_for(row.role, by.roles_at(row.organisation_id)):
        raise Refused("task.not_yours")
    if row.owner_id != by.user_id:
        was = str(row.owner or "")
        row.owner_id, row.taken_at = by.user_id, now
        row.save(update_fields=["owner", "taken_at"])
        _journal(row, kind="task.taken_over", code=why, by=by, now=now, held_by=was)
    return row


@transaction.atomic
def hand_task(*, task: Task, to: User | None, note: str, by: Actor, now: datetime) -> Task:
    """Gives a task one holds to a colleague by name, or back to the role; the note goes with it."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if row.state != TaskState.OPEN:
        raise Refused("task.closed")
    if row.owner_id != by.user_id:
        raise Refused("task.not_held")
    if not note.strip():
        raise Refused("task.no_note")
    row.owner, row.taken_at = to, now if to else None
    row.handed_by_id, row.handed_note = by.user_id, note.strip()
    row.save(update_fields=["owner", "taken_at", "handed_by", "handed_note"])
    _journal(row, kind="task.handed", code=str(to or ""), by=by, now=now, note=row.handed_note)
    return row


@transaction.atomic
def note_task(*, about_uid: UUID, note: str, by: Actor, now: datetime) -> None:
    """What somebody who hands a matter on to others says about it, on its open task; behind what was said before."""
    row = Task.objects.select_for_update().get(about_uid=about_uid, state=TaskState.OPEN)
    said = note.strip()
    if not row.handed_note:
        row.handed_by_id, row.handed_note = by.user_id, said
    elif said not in row.handed_note:
        row.handed_note += f" · {User.objects.get(pk=by.user_id or 0)}: {said}"
    row.save(update_fields=["handed_by", "handed_note"])
    _journal(row, kind="task.handed", code="", by=by, now=now, note=said)


@transaction.atomic
def give_back(*, task_id: int, by: Actor, now: datetime) -> None:
    """The owner went home: the task is the role's again, with all it had."""
    row = Task.objects.select_for_update().get(pk=task_id)
    if row.state != TaskState.OPEN or row.owner_id is None:
        return
    row.owner, row.taken_at = None, None
    row.save(update_fields=["owner", "taken_at"])
    _journal(row, kind="task.given_back", code="", by=by, now=now)


@transaction.atomic
def postpone_task(*, about_uid: UUID, until: datetime, by: Actor, now: datetime) -> int:
    """Tried in vain: the task comes back at `until`, on the rung where it stands; how often it was tried.

    Every third time it does not wait any more: it is late at once, and the next rung sees it.
    """
    task = Task.objects.select_for_update().filter(about_uid=about_uid, state=TaskState.OPEN).first()
    if task is None:
        raise Refused("task.closed")
    if not answers_for(task.role, by.roles_at(task.organisation_id)):
        raise Refused("task.not_yours")
    tries = tries_of(task) + 1
    _keep_lateness(task, now=now)
    task.due_at = until if tries % TRIES_A_RUNG else now
    task.reason_values = {**task.reason_values, "tries": tries}
    task.save(update_fields=["due_at", "reason_values", *LATENESS])
    _journal(task, kind="task.postponed", code=str(tries), by=by, now=now)
    return tries


@transaction.atomic
def rest_task(*, about_uid: UUID, until: datetime, reason: str, by: Actor, now: datetime) -> None:
    """Nothing to do before `until`: the open task waits there, on its lowest rung and in nobody's hands."""
    task = Task.objects.select_for_update().filter(about_uid=about_uid, state=TaskState.OPEN).first()
    if task is None:
        raise Refused("task.closed")
    if not answers_for(task.role, by.roles_at(task.organisation_id)):
        raise Refused("task.not_yours")
    if _keep_lateness(task, now=now):
        task.late_until = now
    task.due_at, task.reason, task.rung, task.owner, task.taken_at = until, reason, 0, None, None
    task.save(update_fields=["due_at", "reason", "rung", "owner", "taken_at", *LATENESS])
    _journal(task, kind="task.resting", code=reason, by=by, now=now)


@transaction.atomic
def turn_task(*, about_uid: UUID, kind: TaskKind, reason: str, by: Actor, now: datetime) -> Task | None:
    """What was in the way is gone: the open task asks for something else now, with the same owner and deadline."""
    task = Task.objects.select_for_update().filter(about_uid=about_uid, state=TaskState.OPEN).first()
    if task is None:
        return None
    task.kind, task.reason = kind, reason
    task.save(update_fields=["kind", "reason"])
    _journal(task, kind="task.turned", code=reason, by=by, now=now)
    return task


@transaction.atomic
def hand_on(*, about_uid: UUID, case_id: int, by: Actor, now: datetime) -> None:
    """The open task about an object goes with it to another case; its owner and its deadline stay."""
    task = Task.objects.select_for_update().filter(about_uid=about_uid, state=TaskState.OPEN).first()
    if task is not None:
        task.case_id = case_id
        task.save(update_fields=["case_id"])
        _journal(task, kind="task.handed_on", code="", by=by, now=now)


@transaction.atomic
def climb(*, task_id: int, wait: timedelta, by: Actor, now: datetime) -> None:
    """Moves an overdue task one rung up; the person who held it is freed of it."""
    row = Task.objects.select_for_update().get(pk=task_id)
    if row.state != TaskState.OPEN or row.due_at > now:
        return
    _keep_lateness(row, now=now)
    row.rung, row.due_at, row.owner, row.taken_at = row.rung + 1, now + wait, None, None
    row.save(update_fields=["rung", "due_at", "owner", "taken_at", *LATENESS])
    _journal(row, kind="task.climbed", code=str(row.rung), by=by, now=now)


def _keep_lateness(task: Task, *, now: datetime) -> bool:
    """Before another due time comes: since when the task is late, if it is. After a rest lateness begins anew."""
    is_late = task.late_since is not None and task.late_until is None
    if not is_late and task.due_at <= now:
        task.late_since, task.late_until, is_late = task.due_at, None, True
    return is_late


def _journal(task: Task, *, kind: str, code: str, by: Actor, now: datetime, **more: object) -> None:
    journal.append(kind=kind, by=by, now=now, **told_of(task, code=code, **more)._asdict())
