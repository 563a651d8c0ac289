"""For judges that live through weeks: a database that stays between pieces, and a few processes at work."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import Any

from tests.prove import ready  # noqa: F401 -- also in the processes of the pool, before any model is imported

# isort: split
from django.db import connections

from medet.demo.past.life import Share
from medet.supervisor.postgres import Postgres
from tests.conftest import pointed_at
from tests.database import TestDatabases, create, drop, exists, root_of_slots, settings_entry
from tests.prove import figures

PIECE_S = 520.0  # a piece is under ten minutes
Work = Callable[..., None]


@contextmanager
def kept_database(name: str) -> Iterator[dict[str, str]]:
    """The database of this judge at this commit, as the last piece left it; those of other commits are dropped."""
    wanted = f"{name}_{figures.commit().replace('-', '_')}"
    folder = root_of_slots() / name
    folder.mkdir(parents=True, exist_ok=True)
    with Postgres(folder, durable=False) as postgres:
        databases = TestDatabases(postgres)
        with databases.superuser() as connection:
            rows = connection.execute("select datname from pg_database where starts_with(datname, %s)", [f"{name}_"])
            for (other,) in rows.fetchall():
                if other != wanted:
                    drop(connection, other)
            if not exists(connection, wanted):
                create(connection, wanted, template=databases.template)
        with pointed_at(databases.addresses(wanted)):
            yield databases.addresses(wanted)


class Hands:
    """Does a phase in several processes; the next one begins when all have ended."""

    def __init__(self, pool: ProcessPoolExecutor, count: int, work: Work) -> None:
        self.pool, self.count, self.work = pool, count, work

    def __call__(self, phase: str, day: date, *, shared: bool = False, **more: Any) -> None:
        """`shared`: each does its share; else one does it alone."""
        of = self.count if shared else 1
        jobs: list[Future[None]] = [
            self.pool.submit(self.work, phase, day, share=Share(index, of), **more) for index in range(of)
        ]
        for job in jobs:
            job.result()


@contextmanager
def hands(addresses: dict[str, str], count: int, work: Work) -> Iterator[Hands]:
    """So many processes on one database."""
    begin = partial(_point_at, addresses["DATABASE_URL"])
    with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=begin) as pool:
        yield Hands(pool, count, work)


def _point_at(url: str) -> None:
    connections.settings["default"].update(settings_entry(url))


class Clock:
    """How long a piece may still go on, and how long all of them took."""

    def __init__(self, pieces: figures.Pieces) -> None:
        self.pieces, self.began, self.before = pieces, time.monotonic(), float(pieces.done.get("seconds", 0))

    @property
    def seconds(self) -> float:
        """Of all pieces together."""
        return self.before + time.monotonic() - self.began

    def is_over(self) -> bool:
        """Whether this piece has had its time."""
        return time.monotonic() - self.began > PIECE_S

    def keep(self, day: date) -> None:
        """This day is lived."""
        self.pieces.keep("seconds", self.seconds)
        self.pieces.keep("lived", day.isoformat())

    @property
    def lived(self) -> date:
        """The last day that was lived to its end."""
        return date.fromisoformat(self.pieces.done.get("lived", "0001-01-01"))
