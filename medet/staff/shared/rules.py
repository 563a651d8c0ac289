"""Pure decisions about shared telephones."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from medet.staff.states import Role

# Whoever receives home visits; what else somebody may be does not come with a PIN.
OPENS = frozenset({Role.CLINIC_RECEIVER, Role.HEAD_OF_CLINIC})
DIGITS = 6
TRIES = 5
KEPT = timedelta(days=180)
KEY = "shared"  # where a session keeps what follows
# A touch is written down no more often than this: each is a write of the session.
NOTED_EVERY = timedelta(seconds=10)
# Beside those the rules below find: patterns of the keypad and of counting.
OBVIOUS = frozenset({"102030", "112358", "142536", "147258", "159357", "159753", "258369", "314159", "987412"})


@dataclass(frozen=True)
class Kept:
    """What a session on a shared telephone knows: where it is, whether a PIN opened it, when it was touched last."""

    device_id: int
    by_pin: bool
    touched_at: datetime

    @classmethod
    def of(cls, value: object) -> Self | None:
        """As `value` wrote it; nothing for a session anywhere else."""
        if not isinstance(value, dict):
            return None
        return cls(value["device"], value["by_pin"], datetime.fromisoformat(value["touched_at"]))

    def value(self) -> dict[str, object]:
        """As a session can keep it."""
        return {"device": self.device_id, "by_pin": self.by_pin, "touched_at": self.touched_at.isoformat()}

    def touched(self, now: datetime) -> Self:
        """Somebody is there."""
        return replace(self, touched_at=now) if now - self.touched_at >= NOTED_EVERY else self

    def is_idle(self, minutes: int, *, now: datetime) -> bool:
        """Nobody has touched it for so long."""
        return now - self.touched_at >= timedelta(minutes=minutes)


def is_over(*, used_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """A telephone that opens no more: taken back, or forgotten in a drawer."""
    return revoked_at is not None or now - used_at >= KEPT


def is_trivial(pin: str) -> bool:
    """What somebody who finds the telephone tries first."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    runs = len(steps) == 1 and steps <= {0, 1, 9}
    repeats = pin[:2] * 3 == pin or pin[:3] * 2 == pin
    doubled = pin[::2] == pin[1::2]  # 112233
    mirrored = pin == pin[::-1]  # 123321
    return runs or repeats or doubled or mirrored or pin in OBVIOUS
