"""The shared shape of every life of a thing: its states, its moves, who may make them, who owes the next one.

A room declares `HOME_VISIT = Life("home_visit", HomeVisitStatus, moves=(...), owes={...})` in its `states.py`;
its actions call `check_move` and its screens `may_move`. `manage.py states` draws them into docs/states/.
Both are given the roles that are held at the row's organisation: `by.roles_at(case.organisation_id)`.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from medet.base.refused import Refused

NEW = ""  # the source of a first move: the thing does not exist yet


@dataclass(frozen=True)
class Move:
    """One permitted change; `who` holds names of roles, or robot and worker for own processes."""

    source: str
    target: str
    who: frozenset[str]


class Life(NamedTuple):
    """All states and moves of one kind of thing. `owes` has every state: the role that must act next, or None."""

    name: str
    states: type[TextChoices]
    moves: tuple[Move, ...]
    owes: Mapping[str, str | None]

    @property
    def ends(self) -> frozenset[str]:
        """States nothing leads out of."""
        return frozenset(self.states.values) - {move.source for move in self.moves}


def moves(sources: str | Iterable[str], targets: str | Iterable[str], *who: str) -> tuple[Move, ...]:
    """Every source to every target by the same roles."""
    return tuple(
        Move(str(source), str(target), frozenset(who)) for source in _many(sources) for target in _many(targets)
    )


def _many(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def check_move(life: Life, source: str, target: str, roles: AbstractSet[str]) -> None:
    """Refuses a move that does not exist or is not for these roles to make."""
    code = _refusal(life, source, target, roles)
    if code:
        raise Refused(code, source=_label(life, source), target=_label(life, target))


def may_move(life: Life, source: str, target: str, roles: AbstractSet[str]) -> bool:
    """The same rule for showing a button."""
    return not _refusal(life, source, target, roles)


def possible(life: Life, source: str, roles: AbstractSet[str]) -> list[str]:
    """Where somebody of these roles may take a thing from here."""
    return [move.target for move in life.moves if move.source == source and move.who & roles]


def _refusal(life: Life, source: str, target: str, roles: AbstractSet[str]) -> str:
    found = [move for move in life.moves if (move.source, move.target) == (source, target)]
    if not found:
        return "move.not_allowed"
    return "" if any(move.who & roles for move in found) else "move.not_yours"


def _label(life: Life, state: str) -> str:
    return str(life.states(state).label) if state in life.states.values else state or "—"


def problems(life: Life) -> list[str]:
    """What is wrong with a declaration; a test of the room expects nothing."""
    known, reached = set(life.states.values), {move.target for move in life.moves}
    found = [f"{state}: not a state" for state in sorted((reached | _sources(life)) - known - {NEW})]
    found += [f"{state}: does not say who owes the next move" for state in sorted(known - set(life.owes))]
    found += [f"{state}: owed, but not a state" for state in sorted(set(life.owes) - known)]
    found += [f"{state}: nothing leads here" for state in sorted(known - reached)]
    found += [f"{state}: an end owes nobody a move" for state in sorted(life.ends) if life.owes.get(state)]
    found += [f"{move.source or 'new'} to {move.target}: nobody may" for move in life.moves if not move.who]
    return found


def _sources(life: Life) -> set[str]:
    return {move.source for move in life.moves}


def all_lives() -> list[Life]:
    """Every Life declared in a `states` module of an installed room."""
    found = {id(value): value for module in _modules() for value in vars(module).values() if isinstance(value, Life)}
    return sorted(found.values(), key=lambda life: life.name)


def _modules() -> Iterator[object]:
    for app in apps.get_app_configs():
        if app.name.startswith("medet.") and app.module:
            for found in pkgutil.walk_packages(app.module.__path__, f"{app.name}."):
                if found.name.endswith(".states"):
                    yield importlib.import_module(found.name)


def page(life: Life) -> str:
    """The Markdown page of a life; English whatever language is active."""
    with translation.override("en"):
        rows = [
            f"| `{state}` | {_label(life, state)} | {life.owes.get(state) or '—'} |" for state in life.states.values
        ]
        lines = [
            f"# Life of `{life.name}`",
            "",
            "Made by `manage.py states` from the room's `states.py`; do not edit.",
            "",
            "```mermaid",
            *_diagram(life),
            "```",
            "",
            "| state | in words | who owes the next move |",
            "| --- | --- | --- |",
            *rows,
        ]
        return "\n".join(lines) + "\n"


def _diagram(life: Life) -> Iterator[str]:
    yield "stateDiagram-v2"
    for move in life.moves:
        yield f"    {move.source or '[*]'} --> {move.target}: {', '.join(sorted(move.who))}"
    for state in life.states.values:
        if state in life.ends:
            yield f"    {state} --> [*]"
