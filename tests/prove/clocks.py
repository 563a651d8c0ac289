"""A machine whose clock shows another hour: libfaketime before Python and before PostgreSQL alike."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from medet.supervisor import binaries
from medet.supervisor.folders import short_hash
from medet.supervisor.users import service_user
from tests.database import INSIDE, OUTSIDE

ALMATY = ZoneInfo("Asia/Almaty")
LIBRARIES = ("usr/lib/*/faketime/libfaketime.so.1", "usr/lib/faketime/libfaketime.so.1")
PROGRAM = '#!/bin/sh\nexec env {settings} {program} "$@"\n'
# Python sleeps until a moment of the monotonic clock, which libfaketime 0.9.10 reckons wrongly; select takes a length.
SLEEP = """
import select, time

def sleep(seconds):
    select.select([], [], [], seconds)

time.sleep = sleep
"""


@dataclass(frozen=True)
class Hour:
    """A moment of Almaty's clock: of today, unless it names a day."""

    at: str  # HH:MM:SS
    month: int = 0
    day: int = 0
    leap: bool = False  # in the next leap year

    def __str__(self) -> str:
        date = f"{self.day:02}.{self.month:02}{' of a leap year' if self.leap else ''} " if self.month else ""
        return date + self.at.removesuffix(":00")

    def moment(self, now: datetime) -> datetime:
        """When it is to be."""
        hour, minute, second = map(int, self.at.split(":"))
        local = now.astimezone(ALMATY).replace(hour=hour, minute=minute, second=second, microsecond=0)
        year = local.year + (-local.year % 4 if self.leap else 0)
        return local.replace(year=year, month=self.month, day=self.day) if self.month else local


def library() -> Path | None:
    """Debian's libfaketime, if it is installed."""
    return next((path for shape in LIBRARIES for path in Path("/").glob(shape)), None)


def machine(preload: Path, by: timedelta) -> dict[str, str]:
    """The environment of programs whose wall clock is moved; what they wait for is measured by the real one."""
    settings = {
        "LD_PRELOAD": str(preload),
        "FAKETIME": f"{by.total_seconds():+.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    user = service_user()
    root = INSIDE if user is None or user.may("x", INSIDE.parents[1]) else OUTSIDE
    # A folder a clock: the tests keep a cluster apart for every PG_BINDIR.
    folder = root / "clocks" / settings["FAKETIME"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(SLEEP)
    real = binaries.find(os.environ, major=None, user=user, place=root).folder
    words = " ".join(f"{name}={value}" for name, value in settings.items())
    for program in ("postgres", "initdb"):
        path = folder / program
        path.write_text(PROGRAM.format(settings=words, program=real / program))
        path.chmod(0o755)
    return settings | {"PG_BINDIR": str(folder), "PYTHONPATH": str(folder)}


def forget(environment: dict[str, str]) -> None:
    """The programs of a clock and the cluster that the tests made with them."""
    folder = Path(environment["PG_BINDIR"])
    for path in (folder, folder.parents[1] / short_hash(folder)):
        shutil.rmtree(path, ignore_errors=True)
