"""Who acts: a user with roles at organisations, or one of the platform's own processes.

A role means something only at the organisation where it is held. Rights are asked of a row's organisation
(`roles_at`), lists are cut to organisations where a role is held (`where`), and an address narrows its reader to the
roles that open it (`narrowed`). The flat `roles` say which desks somebody has, and never what may be done to a row.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple


class Held(NamedTuple):
    """A role and where it is held."""

    role: str
    organisation_id: int


@dataclass(frozen=True)
class Actor:
    """Passed as `by=` to every action; what the journal, the audit and row level security know of the doer."""

    user_id: int | None
    label: str = ""
    held: frozenset[Held] = frozenset()
    everywhere: bool = False  # one of the platform's own processes: sees all organisations and acts under its label

    @property
    def roles(self) -> frozenset[str]:
        """Every role, wherever it is held; for the choice of a desk."""
        return frozenset({self.label}) if self.everywhere else frozenset(role for role, _ in self.held)

    @property
    def organisation_ids(self) -> tuple[int, ...]:
        """Every organisation where any role is held."""
        return tuple(sorted({organisation for _, organisation in self.held}))

    def roles_at(self, organisation_id: int | None) -> frozenset[str]:
        """What somebody is at one organisation; a process is the same everywhere."""
        if self.everywhere:
            return self.roles
        return frozenset(role for role, organisation in self.held if organisation == organisation_id)

    def where(self, roles: AbstractSet[str]) -> tuple[int, ...]:
        """The organisations where one of these roles is held."""
        return self.narrowed(roles).organisation_ids

    def narrowed(self, roles: AbstractSet[str]) -> "Actor":
        """The same user with these roles only: nothing else is seen or may be done."""
        return replace(self, held=frozenset(pair for pair in self.held if pair.role in roles), everywhere=False)

    def at(self, organisation_id: int) -> "Actor":
        """The same user at one organisation only."""
        here = frozenset(pair for pair in self.held if pair.organisation_id == organisation_id)
        return replace(self, held=here, everywhere=False)

    @property
    def organisations_setting(self) -> str:
        """The value of medet.orgs: `*` for all, else the ids; empty means none."""
        return "*" if self.everywhere else ",".join(str(int(number)) for number in self.organisation_ids)

    @property
    def user_setting(self) -> str:
        """The value of medet.user: the user's id, else the process's label."""
        return self.label if self.user_id is None else str(self.user_id)


ROBOT = Actor(user_id=None, label="robot", everywhere=True)
WORKER = Actor(user_id=None, label="worker", everywhere=True)
