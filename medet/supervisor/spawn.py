"""Starts a command through `child.py`, so that it never outlives the process that started it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from medet.supervisor.users import ServiceUser

SHIM = Path(__file__).with_name("child.py")


def shim(*, user: ServiceUser | None, death_signal: int, own_session: bool) -> list[str]:
    """The words that go before a command."""
    uid, gid = (str(user.uid), str(user.gid)) if user else ("-", "-")
    session = "own" if own_session else "shared"
    return [sys.executable, "-I", "-S", str(SHIM), str(os.getpid()), str(int(death_signal)), uid, gid, session]


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    user: ServiceUser | None = None,
    death_signal: int = signal.SIGTERM,
    own_session: bool = True,
    cwd: Path | None = None,
    output: IO[Any] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `death_signal` when this process ends, even by kill -9."""
    if threading.current_thread() is not threading.main_thread():
        # Linux sends the death signal when the starting *thread* ends, not the process.
        raise RuntimeError("children are started by the main thread only")
    words = shim(user=user, death_signal=death_signal, own_session=own_session)
    return subprocess.Popen(
        [*words, *command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL if own_session else None,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
    )
