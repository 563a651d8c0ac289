"""What the supervisor's tests ask of the machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg


def gone(pid: int) -> bool:
    """Ended; an orphan that nobody has reaped yet has ended too."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def eventually(question: Callable[[], bool], seconds: float = 10, pause: float = 0.02) -> bool:
    """Ask until it is so; a question that costs something leaves a longer pause to what is asked."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def living(word: str) -> list[str]:
    """The living processes that have a word (a folder of the test) in their command or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values()]
            if (
                process.pid != os.getpid()
                and process.status() != psutil.STATUS_ZOMBIE
                and any(word in one for one in told)
            ):
                found.append(f"{process.pid} {' '.join(process.cmdline())}")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def answers(url: str) -> bool:
    """Whether a database can be used there."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def modes(path: Path) -> dict[str, tuple[int, int]]:
    """Mode and owner of every folder above, so a test can see that none was changed."""
    return {str(one): (one.stat().st_mode, one.stat().st_uid) for one in path.parents}
