"""Who acts: a user with roles at organisations, or one of the platform's own processes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Passed as `by=` to every action; what the journal, the audit and row level security know of the doer."""

    user_id: int | None
    label: str = ""
    organisation_ids: tuple[int, ...] = ()
    roles: frozenset[str] = frozenset()
    everywhere: bool = False  # sees all organisations: own processes, the national centre, the security officer

    @property
    def organisations_setting(self) -> str:
        """The value of medet.orgs: `*` for all, else the ids; empty means none."""
        return "*" if self.everywhere else ",".join(str(int(number)) for number in self.organisation_ids)

    @property
    def user_setting(self) -> str:
        """The value of medet.user: the user's id, else the process's label."""
        return self.label if self.user_id is None else str(self.user_id)


ROBOT = Actor(user_id=None, label="robot", roles=frozenset({"robot"}), everywhere=True)
WORKER = Actor(user_id=None, label="worker", roles=frozenset({"worker"}), everywhere=True)
