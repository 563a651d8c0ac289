"""A whole Medet for the long judges: a PostgreSQL of their own that may be killed, a fresh database, the processes.

Works inside pytest and outside: `python -m tests.prove.chaos` is no test run.
"""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connections

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.flows.loops import orphans
from medet.monitoring.models import Enrolment
from medet.people.models import Person
from medet.supervisor.postgres import Postgres
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases, take_slot
from tests.live import prompts
from tests.live import running as live
from tests.live.running import Phones, Running

MATES_YEAR = 1985
BIRTH_YEAR = 1959  # of everybody made by tests.make
RING_S = "0.2"


@contextmanager
def own_cluster() -> Iterator[Postgres]:
    """A durable cluster nobody else uses: it may be killed and must remember."""
    slot, lock = take_slot()
    try:
        with Postgres(slot, options={"max_connections": "100"}) as postgres:
            yield postgres
    finally:
        lock.release()


@dataclass
class House:
    """One city, its people, and the processes that serve them."""

    running: Running
    town: make.City
    postgres: Postgres | None = None
    phones: Phones | None = None
    people: dict[str, Enrolment] = field(default_factory=dict)  # by number
    mates: dict[str, Enrolment] = field(default_factory=dict)  # a second person on the line of the first
    starts: list[tuple[float, float]] = field(default_factory=list)  # of the robot: wall clock, offset of its clock

    def observe(self, count: int, *, shared: int = 0) -> None:
        """So many people under observation at home, due today; on `shared` of their lines lives a second one."""
        with scope(WORKER):
            for _ in range(count):
                enrolment = make.observed(self.town, make.person(self.town, now=now()), now=now())
                self.people[enrolment.person.phones.get().number] = enrolment
            for number in list(self.people)[:shared]:
                mate = make.observed(self.town, make.person(self.town, phone=number, now=now()), now=now())
                Person.objects.filter(pk=mate.person_id).update(birth_date=date(MATES_YEAR, 5, 1))
                self.mates[number] = mate

    def everybody(self) -> list[Enrolment]:
        """All who are under observation."""
        return [*self.people.values(), *self.mates.values()]

    def born_in(self, number: str, year: str) -> Enrolment:
        """Who of a line was born then."""
        return self.mates[number] if year == str(MATES_YEAR) else self.people[number]

    def telephones(self, behaviours: Mapping[str, str]) -> Phones:
        """The telephones of the city, with what each does; `fine` where nothing is said."""
        lines = {
            number: {
                "behaviour": behaviours.get(number, "fine"),
                "birth_years": [BIRTH_YEAR, *([MATES_YEAR] if number in self.mates else [])],
            }
            for number in self.people
        }
        options = ("--ring", RING_S, "--pause", str(prompts.PAUSE_S), "--prompts", self.running.env["MEDET_PROMPTS"])
        self.phones = live.phones(self.running, lines, options=options)
        return self.phones

    def robot(self, **more: Any) -> None:
        """Starts the phone process, first or again; its clock is the house's of now."""
        assert self.phones is not None
        self.starts.append((time.time(), settings.CLOCK_OFFSET))
        live.robot(self.running, more.pop("port", self.phones.port), **more)

    def worker(self) -> None:
        """Starts the worker, first or again."""
        self.running.manage("worker", "work")

    def pass_time(self, by: timedelta) -> None:
        """The house's clock goes on; processes see it from their next start."""
        settings.CLOCK_OFFSET += by.total_seconds()
        self.running.env["MEDET_CLOCK_OFFSET"] = str(settings.CLOCK_OFFSET)

    def kill(self, name: str) -> None:
        """kill -9 of a process, or of PostgreSQL, which is started again on its port as the supervisor does."""
        if name != "postgres":
            self.running.kill(name)
            return
        assert self.postgres is not None
        assert self.postgres.pid is not None
        os.kill(self.postgres.pid, signal.SIGKILL)
        live.wait_until(self.postgres.revive, seconds=30, what="PostgreSQL started again")
        connections.close_all()  # the judge's own

    def house_time(self, wall: float) -> float:
        """A moment of the phones' diary as the robot that rang then saw it."""
        return wall + next(offset for at, offset in reversed(self.starts) if at <= wall)

    def read(self, model: Any, **where: Any) -> list[Any]:
        """Rows as the worker sees them."""
        with scope(WORKER):
            return list(model.objects.filter(**where))

    def orphans(self) -> list[Any]:
        """What `check_loops` would name."""
        with scope(WORKER):
            return list(orphans(now=now()))


@contextmanager
def house(env: Mapping[str, str], folder: Path, postgres: Postgres | None = None) -> Iterator[House]:
    """A city at noon with quick recordings; every process ends with the block."""
    before = settings.DEMO, settings.CLOCK_OFFSET
    with live.medet(env, folder) as running:
        running.env["MEDET_PROMPTS"] = str(prompts.make(folder / "prompts"))
        settings.DEMO, settings.CLOCK_OFFSET = True, float(running.env["MEDET_CLOCK_OFFSET"])
        try:
            with scope(WORKER):
                town = make.city(now=now())
            yield House(running, town, postgres)
        finally:
            settings.DEMO, settings.CLOCK_OFFSET = before


@contextmanager
def own_house(postgres: Postgres) -> Iterator[House]:
    """A house in a database of its own of this cluster."""
    with (
        TestDatabases(postgres).copy() as addresses,
        pointed_at(addresses),
        TemporaryDirectory(prefix="medet-prove-") as folder,
        house({**os.environ, "DJANGO_SETTINGS_MODULE": "medet.settings"}, Path(folder), postgres) as made,
    ):
        yield made


def local_noon(at: datetime) -> str:
    """A house time for a table."""
    return f"{at.astimezone(live.LOCAL):%H:%M}"
