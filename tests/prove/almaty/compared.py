"""The loaded period against the source, asked of the reports' own queries, and figures opened at random."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import time_machine
from django.test import Client
from django.utils import translation

from medet.base.actor import WORKER, Actor
from medet.base.scope import scope
from medet.demo.city.places import standing
from medet.demo.past.manner import lot
from medet.flows.loops import orphans
from medet.reports.measures import ADMITTED, CONCLUSIONS, INBOUND, NEW, OUTBOUND, Measure
from medet.reports.periods import Period
from medet.reports.queries import rows_of, table, tables
from medet.reports.tables import Figure, Table
from tests.prove.almaty.quotas import FIRST, LAST, LAST_CALLS, Quotas
from tests.prove.figures import table as markdown
from tests.web.morning import files_where_they_lie
from tests.web.morning import opened as opened_over_http

CALLS, WHOLE = Period(FIRST, LAST_CALLS), Period(FIRST, LAST)
SPLITS = ((NEW, "age"), (NEW, "risk"), (CONCLUSIONS, "outcome"), (INBOUND, "reason"), (OUTBOUND, "outcome"))


@dataclass(frozen=True)
class Line:
    """One figure beside the source's."""

    what: str
    source: int
    found: int

    @property
    def right(self) -> bool:
        """To the unit."""
        return self.source == self.found


def actor(now: datetime) -> Actor:
    """Who reads the reports: the supervisor of the centre, with her rights only."""
    return standing().actor("supervisor", now=now)


def lines(quotas: Quotas, by: Actor) -> Iterator[Line]:
    """Each number of the source."""
    for measure, numbers in ((INBOUND, quotas.inbound), (OUTBOUND, quotas.outbound)):
        made = _table(measure, CALLS, by)
        november, december = (figure.count for figure in made.all.months)
        yield Line(f"{measure.title}, November", numbers(11), november)
        yield Line(f"{measure.title}, 01-19 December", numbers(12), december)
        yield Line(f"{measure.title}, 01.11-19.12.2020", numbers(11) + numbers(12), made.all.whole.count)
    yield Line("taken under observation at home, 01.11-20.12.2020", quotas.patients, _count(NEW, by))
    yield Line("admitted", quotas.admitted, _count(ADMITTED, by))


def _count(measure: Measure, by: Actor) -> int:
    return _table(measure, WHOLE, by).all.whole.count


def _table(measure: Measure, period: Period, by: Actor, code: str = "") -> Table:
    part = measure.part(code) if code else measure.by[0]
    assert part is not None
    return table(measure, part, period=period, by=by)


def opened(count: int, by: Actor) -> tuple[int, list[Figure]]:
    """Random figures of all reports of the period and of each of its months: how many were opened, which are wrong."""
    figures = [
        figure
        for period in (WHOLE, CALLS, Period(FIRST, date(2020, 11, 30)), Period(date(2020, 12, 1), LAST))
        for made in tables(period=period, by=by)
        for figure in made.figures
    ]
    chosen = lot("figures").sample(figures, min(count, len(figures)))
    return len(chosen), [figure for figure in chosen if len(rows_of(figure, by=by)) != figure.count]


def mornings(moments: Iterable[datetime]) -> tuple[int, list[str]]:
    """Every figure of the morning's page at these moments, opened over HTTP as the supervisor does: how many, which are
    wrong."""
    count, wrong = 0, []
    for moment in moments:
        with files_where_they_lie(), time_machine.travel(moment, tick=False):
            client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
            client.force_login(standing().users["supervisor"])
            for address, says, rows in opened_over_http(client):
                count += 1
                wrong += [f"{moment}: {address} says {says} of {rows}"] if says != rows else []
    return count, wrong


def districts(by: Actor) -> str:
    """Patients by district, in percent, November against December."""
    made = _table(NEW, WHOLE, by, "district")
    rows = [
        (line.label, *(f"{figure.count} ({figure.share} %)" for figure in line.months), line.whole.count)
        for line in (*made.lines, made.all)
    ]
    return markdown(("district", "November", "December", "both"), rows)


def splits(by: Actor) -> str:
    """What the source drew without numbers."""
    shown = []
    for measure, code in SPLITS:
        made = _table(measure, CALLS if measure in (INBOUND, OUTBOUND) else WHOLE, by, code)
        parts = "; ".join(f"{line.label} {line.whole.count}" for line in made.lines)
        shown.append((made.title, made.split, parts))
    return markdown(("of", "by", "made up"), shown)


def loose(now: datetime) -> int:
    """What `check_loops` would name."""
    with scope(WORKER):
        return sum(1 for _ in orphans(now=now))


english = partial(translation.override, "en")
