"""The unprivileged OS user PostgreSQL runs as when we are root; an existing one, never made by us."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from medet.supervisor.trouble import Trouble

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class ServiceUser:
    """An OS user by its numbers."""

    name: str
    uid: int
    gid: int

    def may(self, letter: str, path: Path) -> bool:
        """Ask the system itself (`test -x`), which knows of access lists and mount options as well as of modes."""
        command = ["test", f"-{letter}", str(path)]
        done = subprocess.run(
            command, check=False, cwd="/", user=self.uid, group=self.gid, extra_groups=[], stdin=subprocess.DEVNULL
        )
        return done.returncode == 0


def service_user() -> ServiceUser | None:
    """Nobody else when we are a plain user; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(name, entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL refuses to run as root and this machine has neither the user postgres nor nobody.")
