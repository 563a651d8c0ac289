"""One launch of the server process: its words, its environment, its log, and its end."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from medet.supervisor import folders
from medet.supervisor.binaries import Binaries
from medet.supervisor.ports import LOOPBACK
from medet.supervisor.spawn import spawn
from medet.supervisor.users import ServiceUser

STOP_SECONDS = 30.0
LOG_BYTES = 10_000_000


def launch(
    binaries: Binaries, pgdata: Path, *, port: int, options: Mapping[str, str], user: ServiceUser | None, log: Path
) -> subprocess.Popen[bytes]:
    """A child that gets SIGINT, PostgreSQL's fast shutdown, when we end."""
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",  # their path may be too long (107 bytes), and TCP suffices
        "timezone": "UTC",
        "log_timezone": "UTC",
        **options,
    }
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(binaries.folder / "postgres"), "-D", str(pgdata), *words]
    with open_log(log) as output:
        return spawn(
            command, env=environment(pgdata), user=user, death_signal=signal.SIGINT, cwd=Path("/"), output=output
        )


def environment(pgdata: Path) -> dict[str, str]:
    """None of our secrets; and the one number PostgreSQL is to disbelieve in its lock file."""
    stale = stale_pid(pgdata)
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | ({"PG_GRANDPARENT_PID": str(stale)} if stale else {})


def open_log(log: Path) -> IO[bytes]:
    """Appended to by every start; one older file is kept."""
    folders.make_folder(log.parent)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def last_words(log: Path) -> str:
    """For the sentence that says why it did not start."""
    return " | ".join(log.read_text("utf-8", "replace").splitlines()[-3:])


def lock_file(pgdata: Path) -> list[str]:
    """The lines of the server's lock file: pid, folder, time, port ..."""
    try:
        return (pgdata / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def stale_pid(pgdata: Path) -> int | None:
    """The pid in the lock file, unless it belongs to a living server of this very folder."""
    lines = lock_file(pgdata)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        words = []
    return None if str(pgdata).encode() in words else pid


def end(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then kill; each with a bounded wait."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
