"""Pure decisions about tasks."""

from medet.tasks.states import LADDER


def role_at(rung: int, first: str) -> str:
    """The role that answers on a rung of the ladder of `first`; the top rung holds for ever."""
    ladder = LADDER.get(first, (first,))
    return ladder[min(rung, len(ladder) - 1)]
