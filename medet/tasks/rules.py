"""Pure decisions about tasks."""

from collections.abc import Set as AbstractSet
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


class _Tried(Protocol):
    reason_values: dict[str, object]


def tries_of(task: _Tried) -> int:
    """How often a person tried in vain."""
    tries = task.reason_values.get("tries")
    return tries if isinstance(tries, int) else 0
