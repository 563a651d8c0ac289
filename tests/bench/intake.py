"""Lists of patients: how long a preview takes, how many rows a second are taken in, and the same people again.

`make bench-intake` writes docs/figures/intake.md; `python -m tests.bench.intake 500` prints a small table of it.
"""

import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import psutil
from django.db import connection

import tests.prove.ready  # noqa: F401
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.give_list import give_list
from medet.flows.loops import orphans
from medet.flows.take_list import start_list, take_lists
from medet.people.models import Person
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import RowState
from medet.records.models import Case
from medet.tasks.models import Task
from medet.tasks.states import TaskState
from medet.worker.loops import lists
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.prove import figures
from tests.prove.house import own_cluster
from tests.records.intake.faulty import RU, good, iin
from tests.records.intake.sheets import csv_bytes, xlsx_bytes

ROWS, LISTS = 10_000, 10  # of a list; lists on end, 100 000 rows
NIGHT = make.NOON + timedelta(hours=9)  # 21:00: the robot rings nobody any more, everybody is a person's
STEMS = ("Аб", "Бек", "Дос", "Ерм", "Жан", "Ким", "Мұс", "Нұр", "Сер", "Төл", "Үсен", "Шай")
ENDS = ("баева", "галиева", "ова", "ханова", "мұратова", "жанова", "қызы", "ченко")
GIVEN = ("Әсел", "Айгүл", "Мария", "Жанар", "Салтанат", "Ольга", "Гүлнар", "Динара", "Татьяна", "Әлия")
FAULTS = ({"iin": "12345"}, {"family": ""}, {"born": "31.02.1959"}, {"result": "?"}, {"taken": "22.11.2036"})


def people(first: int, count: int) -> Iterator[list[str]]:
    """Rows without a fault, everybody another one, with the variety of names of a real list."""
    for number in range(first, first + count):
        stem, end = STEMS[number % 12], ENDS[number // 12 % 8]
        born = date(1930 + number // 10_000, 4, 12)
        yield good(
            number,
            family=f"{stem}{STEMS[number // 96 % 12].lower()}{end}",
            given=GIVEN[number // 7 % 10],
            iin=iin(number, born=born),
            born=f"{born:%d.%m.%Y}",
            street=f"Көше {number % 300}",
        )


def spoilt(count: int) -> Iterator[list[str]]:
    """Rows with a fault each."""
    for number in range(count):
        yield good(number, **FAULTS[number % len(FAULTS)])


class Meter:
    """Seconds by the clock, and of processor time: ours and that of the PostgreSQL processes that serve us."""

    def __init__(self) -> None:
        """Begins to run."""
        self.begun, self.ours, self.theirs = time.monotonic(), time.process_time(), backend_seconds()

    def __str__(self) -> str:
        ours, theirs = time.process_time() - self.ours, backend_seconds() - self.theirs
        return f"{self.seconds:.1f} s (processor: {ours:.1f} s ours, {theirs:.1f} s PostgreSQL)"

    @property
    def seconds(self) -> float:
        """By the clock."""
        return time.monotonic() - self.begun


def backend_seconds() -> float:
    """Processor time of the PostgreSQL server with all its processes, also of those that have ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    assert server is not None
    spent = [one.cpu_times() for one in (server, *server.children())]
    return float(sum(one.user + one.system for one in spent) + spent[0].children_user + spent[0].children_system)


def give(town: make.City, data: bytes, *, now: datetime = make.NOON) -> IntakeList:
    """As the page does it."""
    aigerim = town.actor("aigerim", now=now)
    with scope(aigerim):
        return give_list(data=data, organisation=town.centre, by=aigerim, now=now)


def take(town: make.City, *given: IntakeList, now: datetime = make.NOON) -> list[float]:
    """As the worker does it: two takers, each of another list, and a transaction a step; the seconds of each."""
    aigerim = town.actor("aigerim", now=now)
    with scope(aigerim):
        for one in given:
            start_list(given=one, programme_code="covid-home", by=aigerim, now=now)
    steps: list[float] = []
    takers = [threading.Thread(target=taker, args=(steps, now)) for _ in lists()]
    for thread in takers:
        thread.start()
    for thread in takers:
        thread.join()
    return steps


def taker(steps: list[float], now: datetime) -> None:
    """Until no list is waiting for it."""
    worked = True
    while worked:
        begun = time.monotonic()
        with scope(WORKER):
            worked = take_lists(by=WORKER, now=now)
        steps += [time.monotonic() - begun] if worked else []
    connection.close()


class Bench:
    """What was measured, line by line."""

    def __init__(self, rows: int) -> None:
        """In a city of its own."""
        self.rows = rows
        self.found: list[tuple[str, str]] = []
        with scope(WORKER):
            self.town = make.city()

    def note(self, what: str, story: Callable[[], Any], *, rows: int = 0) -> Any:
        """Measures a part and shows it at once."""
        meter = Meter()
        gave = story()
        speed = f", {rows / meter.seconds:.0f} rows a second" if rows else ""
        self.line(what, f"{meter}{speed}")
        return gave

    def line(self, what: str, figure: str) -> None:
        """One line of the table."""
        print(f"{what}: {figure}", file=sys.stderr)
        self.found.append((what, figure))

    def short(self) -> None:
        """One list: as a workbook, as text again, and one of faults."""
        listed = [RU, *people(1, self.rows)]
        given = self.note(f"preview of {self.rows} rows, XLSX", lambda: give(self.town, xlsx_bytes(listed)))
        self.note(f"{self.rows} new people taken in", lambda: take(self.town, given), rows=self.rows)
        again = self.note(f"preview of the same {self.rows} rows, CSV", lambda: give(self.town, csv_bytes(listed)))
        self.note("taken in again, nothing changes", lambda: take(self.town, again), rows=self.rows)
        day = [[*row[:9], "23.11.2026", *row[10:]] for row in people(1, self.rows)]
        later = give(self.town, csv_bytes([RU, *day]))
        self.note("the same people in a list of the next day", lambda: take(self.town, later), rows=self.rows)
        faults = csv_bytes([RU, *spoilt(self.rows)])
        bad = self.note(f"preview of {self.rows} rows with a fault each", lambda: give(self.town, faults))
        self.note("taken in, nothing but reasons", lambda: take(self.town, bad))
        with scope(WORKER):
            told = IntakeRow.objects.filter(given=bad, state=RowState.BAD).exclude(reasons=[]).count()
        self.line("rows of it with a reason", str(told))

    def evening(self, first: int) -> None:
        """As laboratories send them: too late for today's robot, so that everybody of it is the operators'."""
        given = give(self.town, csv_bytes([RU, *people(first, self.rows)]), now=NIGHT)
        self.note(
            f"{self.rows} new people taken in at 21:00", lambda: take(self.town, given, now=NIGHT), rows=self.rows
        )
        with scope(WORKER):
            handed = Task.objects.filter(reason="too_late_today", state=TaskState.OPEN).count()
        self.line("of them with the operators (expected)", f"{handed} ({self.rows})")

    def many(self, lists: int) -> None:
        """Many of them, one after the other."""
        files = [csv_bytes([RU, *people(self.rows + 1 + place * self.rows, self.rows)]) for place in range(lists)]
        whole = self.rows * lists
        given = self.note(
            f"preview of {whole} rows in {lists} lists, CSV", lambda: [give(self.town, data) for data in files]
        )
        steps = self.note(f"{whole} new people taken in", lambda: take(self.town, *given), rows=whole)
        ordered = sorted(steps)
        self.line("one transaction of it: median, longest", f"{ordered[len(steps) // 2]:.2f} s, {ordered[-1]:.2f} s")
        again = [give(self.town, data + b"\r\n") for data in files]
        self.note("the same again, nothing changes", lambda: take(self.town, *again), rows=whole)

    def proof(self, expected: int) -> None:
        """Nobody twice, nobody forgotten."""
        with scope(WORKER):
            self.line("people, cases (expected)", f"{Person.objects.count()}, {Case.objects.count()} ({expected})")
            self.line("left without an owner", str(len(list(orphans(now=make.NOON)))))
        self.line("memory at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def main(rows: int, lists: int) -> None:
    """Runs it and keeps the figures."""
    begun = os.getloadavg()[0]
    with own_cluster() as postgres, TestDatabases(postgres).copy() as addresses, pointed_at(addresses):
        bench = Bench(rows)
        bench.short()
        bench.many(lists)
        bench.evening(rows * (lists + 1) + 1)
        bench.proof(rows * (lists + 2))
    bench.line("load average at the beginning", f"{begun:.1f}")
    body = figures.table(("what", "figure"), bench.found)
    if rows == ROWS:
        figures.keep("intake", title=f"Lists of {rows} and of {rows * lists} rows", body=body)
    else:
        print(body)


if __name__ == "__main__":
    small = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    main(small or ROWS, 2 if small else LISTS)
