"""Pure decisions about tasks."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from medet.tasks.states import LADDER


def ladder_of(first: str) -> tuple[str, ...]:
    """The roles that answer for a task, from the first rung up."""
    return LADDER.get(first, (first,))


def role_at(rung: int, first: str) -> str:
    """The role that answers on a rung of the ladder of `first`; the top rung holds for ever."""
    ladder = ladder_of(first)
    return ladder[min(rung, len(ladder) - 1)]


def answers_for(first: str, roles: AbstractSet[str]) -> bool:
    """Whether somebody with these roles at the task's organisation stands on its ladder: they take or settle it."""
    return bool(set(ladder_of(first)) & roles)


class _Held(Protocol):
    owner_id: int | None
    taken_at: datetime | None


def is_held(task: _Held, *, fresh_since: datetime) -> bool:
    """Whether somebody works on it; what was taken before `fresh_since` and left lying is free."""
    return task.owner_id is not None and task.taken_at is not None and task.taken_at >= fresh_since


def is_held_by_another(task: _Held, user_id: int | None, *, fresh_since: datetime) -> bool:
    """Whether a colleague works on it."""
    return task.owner_id != user_id and is_held(task, fresh_since=fresh_since)


class _Tried(Protocol):
    reason_values: dict[str, object]


def tries_of(task: _Tried) -> int:
    """How often a person tried in vain."""
    tries = task.reason_values.get("tries")
    return tries if isinstance(tries, int) else 0
