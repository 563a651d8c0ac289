"""What has become of the `make` that started us.

A Ctrl-C reaches make and us alike, but `kill -INT` of make alone does not: make then waits, with the signal blocked,
for a child that knows nothing of it. So the child looks.
"""

import os
import signal
from pathlib import Path

BIT = 1 << (signal.SIGINT - 1)


class Make:
    """Our parent, if it is make."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._is_make = words(self._pid).get("Name") in ("make", "gmake")

    def has_given_up(self) -> bool:
        """Whether it is gone, or stands in its handler of SIGINT and waits for us."""
        if not self._is_make:
            return False
        return os.getppid() != self._pid or bool(int(words(self._pid).get("SigBlk", "0"), 16) & BIT)


def words(pid: int) -> dict[str, str]:
    """The lines of the kernel's page about a process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
