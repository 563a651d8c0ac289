"""A list of 10 000 rows: how long its preview takes, how long it is taken in, and the same list again."""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import tests.prove.ready  # noqa: F401
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.give_list import give_list
from medet.flows.loops import orphans
from medet.flows.take_list import start_list, take_lists
from medet.records.intake.models import IntakeList
from medet.records.models import Case
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.prove import figures
from tests.prove.house import own_cluster
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes, xlsx_bytes

ROWS = 10_000


def timed(story: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what it gave."""
    begun = time.monotonic()
    given = story()
    return time.monotonic() - begun, given


def give(town: make.City, data: bytes) -> IntakeList:
    """As the page does it."""
    aigerim = town.actor("aigerim")
    with scope(aigerim):
        return give_list(data=data, organisation=town.centre, by=aigerim, now=make.NOON)


def take(town: make.City, given: IntakeList) -> list[float]:
    """As the worker does it: a transaction a step; the seconds of each."""
    aigerim = town.actor("aigerim")
    with scope(aigerim):
        start_list(given=given, programme_code="covid-home", by=aigerim, now=make.NOON)
    steps: list[float] = []
    while not steps or steps[-1]:
        seconds, worked = timed(lambda: step())
        steps.append(seconds if worked else 0)
    return steps[:-1]


def step() -> bool:
    """One turn of the worker's loop."""
    with scope(WORKER):
        return take_lists(by=WORKER, now=make.NOON)


def measured(rows: int) -> list[tuple[str, str]]:
    """The table."""
    with scope(WORKER):
        town = make.city()
    listed = [RU, *(good(number, street=f"Көше {number % 300}") for number in range(1, rows + 1))]
    found: list[tuple[str, str]] = []
    data = xlsx_bytes(listed)
    busy = time.process_time()
    preview, given = timed(lambda: give(town, data))
    found.append(
        (f"preview of {rows} rows, XLSX", f"{preview:.1f} s, of it {time.process_time() - busy:.1f} s our own")
    )
    busy = time.process_time()
    steps = take(town, given)
    busy = time.process_time() - busy
    found.append((f"taken in, {rows} new people", f"{sum(steps):.0f} s, of it {busy:.0f} s our own"))
    found.append(("rows a second", f"{rows / sum(steps):.1f}"))
    ordered = sorted(steps)
    found.append(("one transaction of it: median, longest", f"{ordered[len(steps) // 2]:.2f} s, {ordered[-1]:.2f} s"))
    again, second = timed(lambda: give(town, csv_bytes(listed)))
    found.append((f"preview of the same {rows} rows, CSV", f"{again:.1f} s"))
    found.append(("taken in again, nothing changes", f"{sum(take(town, second)):.0f} s"))
    with scope(WORKER):
        found.append(("people with more than one case", str(Case.objects.count() - rows)))
        found.append(("left without an owner", str(len(list(orphans(now=make.NOON))))))
    found.append(("memory at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"))
    return found


def main(rows: int) -> None:
    """Runs it and keeps the figures."""
    with own_cluster() as postgres, TestDatabases(postgres).copy() as addresses, pointed_at(addresses):
        body = figures.table(("what", "figure"), measured(rows))
    if rows == ROWS:
        figures.keep("intake", title=f"A list of {rows} rows", body=body)
    else:
        print(body)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
