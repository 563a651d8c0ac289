"""Pure decisions about tasks."""

from typing import Protocol

from medet.tasks.states import LADDER


def role_at(rung: int, first: str) -> str:
    """The role that answers on a rung of the ladder of `first`; the top rung holds for ever."""
    ladder = LADDER.get(first, (first,))
    return ladder[min(rung, len(ladder) - 1)]


def answers_for(first: str, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles stands on the ladder of a task: only they take or settle it."""
    return bool(roles & set(LADDER.get(first, (first,))))


class _Tried(Protocol):
    reason_values: dict[str, object]


def tries_of(task: _Tried) -> int:
    """How often a person tried in vain."""
    tries = task.reason_values.get("tries")
    return tries if isinstance(tries, int) else 0
