"""Thirty days with two thousand patients and unreliable clinics: who is without an owner at each midnight.

The worker's own loops turn every hour of the made-up clock; the robot's calls go through the claim's own SQL and what
the ledger writes of each call, with scripted ends instead of SIP. Clinics accept late or not at all, find nobody,
refuse and redirect; on every third day no operator rings by hand.

`python -m tests.prove.time [processes]`: in pieces under ten minutes; call again until it is done.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

# First, because it makes this a Django program, here and in the processes it starts.
from tests.prove.hands import Clock, hands, kept_database

# isort: split
from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.base.scope import scope
from medet.contacts.calls.claim import Claimed
from medet.contacts.calls.models import CallAttempt
from medet.demo.city.everybody import found
from medet.demo.city.places import standing
from medet.demo.city.roster import FIRST as DEMO_PEOPLE
from medet.demo.city.roster import Made, roster
from medet.demo.city.seed import one_transaction
from medet.demo.past import clinics, robot, staff
from medet.demo.past.around import ask_hospitals
from medet.demo.past.arrivals import come
from medet.demo.past.life import WHOLE, Life, Share, at
from medet.demo.past.manner import Stay, lot
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.handovers.states import VisitState
from medet.monitoring.models import DueContact
from medet.monitoring.states import DueKind, DueState
from medet.tasks.models import Task
from medet.tasks.states import TaskState
from tests.prove import figures
from tests.prove.almaty.load import found_the_centre, turn_loops
from tests.prove.almaty.quotas import apportion, days

FIRST, PATIENTS, DAYS, PROCESSES = date(2026, 9, 1), 2_000, 30, 2
SHORTEST, LONGEST, TO_HOSPITAL = 5, 10, 40
# Doctors ask clinics for more visits than in life: the clinics are what is judged.
CALM, WORSE = {"stays": 60, "home_visit": 40}, {"more_often": 30, "home_visit": 70}
HOURS = range(24)
PASSES = {9: "ring", 12: "ring", 15: "ring", 18: "ring"}
Run = Callable[..., None]


@dataclass(frozen=True)
class Crowd:
    """How many people in how many days."""

    patients: int = PATIENTS
    days: int = DAYS
    every: int = 1  # hours between two turns of the worker's loops

    @property
    def last(self) -> date:
        """The last day."""
        return FIRST + timedelta(days=self.days - 1)


@dataclass(frozen=True)
class Midnight:
    """What the tables said at one midnight, each number from a place of its own."""

    day: str
    loose: int  # rows without an owner
    watched: int  # contacts of that day
    done: int
    owed: int  # handed to a person, whatever the day
    sent: int  # home visits, by the journal
    ended: int  # by the journal
    open: int  # by the tasks somebody has
    climbed: int  # tasks that stand higher than their first rung

    @property
    def right(self) -> bool:
        """Nobody is lost, and every home visit has ended or has its owner."""
        return not self.loose and self.sent == self.ended + self.open


@cache
def people(crowd: Crowd) -> tuple[Made, ...]:
    """Everybody of these days."""
    return roster(DEMO_PEOPLE + crowd.patients)[DEMO_PEOPLE:]


@cache
def stays(crowd: Crowd) -> dict[int, Stay]:
    """Who comes when, and for how long."""
    counts = apportion(crowd.patients, [1.0] * (crowd.days - 1))
    first = [day for day, count in zip(days(FIRST, crowd.last), counts, strict=False) for _ in range(count)]
    return {made.place: _stay(made, day) for made, day in zip(people(crowd), first, strict=True)}


def _stay(made: Made, first: date) -> Stay:
    chance = lot("time", made.place)
    if made.place % TO_HOSPITAL == 0:
        return Stay(first, chance.randint(2, 4), "hospitalise")
    return Stay(first, chance.randint(SHORTEST, LONGEST))


def life_of(crowd: Crowd, share: Share = WHOLE) -> Life:
    """The city that stands, and who will come."""
    return Life(standing(), {}, stays(crowd), people(crowd), share, calm=CALM, worse=WORSE)


def do(life: Life, phase: str, day: date, **more: Any) -> None:
    """One phase as one transaction, with everybody who came so far."""
    with scope(WORKER), one_transaction():
        PHASES[phase](replace(life, who=found(life.people)), day, **more)


life_of_this_process = cache(life_of)


def work(phase: str, day: date, *, crowd: Crowd, share: Share, **more: Any) -> None:
    """For one of several processes, each of which asks only once what stays the same."""
    with scope(WORKER):
        life = life_of_this_process(crowd, share)
    do(life, phase, day, **more)


def alone(crowd: Crowd) -> Run:
    """For this process alone."""
    life = life_of(crowd)

    def run(phase: str, day: date, *, shared: bool = False, **more: Any) -> None:
        do(life, phase, day, **more)

    return run


def live(day: date, run: Run, *, crowd: Crowd) -> Midnight:
    """Twenty-four hours; what the next midnight sees."""
    for hour in HOURS:
        if hour % crowd.every == 0:
            run("turn", day, hour=hour)
        if hour == 8:
            run("come", day)
            run("plan", day)
        if hour in PASSES:
            with scope(WORKER):
                claimed = robot.due(now=at(day, time(hour, 5)), limit=crowd.patients)
            run("ring", day, shared=True, hour=hour, claimed=[replace(one, programme={}) for one in claimed])
        if hour in WORK:
            run(WORK[hour], day, shared=True, hour=hour)
    midnight = at(day + timedelta(days=1), time())
    run("turn", day + timedelta(days=1), hour=0)
    return look(day, midnight)


def look(day: date, now: datetime) -> Midnight:
    """Counted by plain queries, not by what the judge did."""
    with scope(WORKER):
        moved = JournalEntry.objects.filter(kind="home_visit.moved")
        contacts = DueContact.objects.filter(kind=DueKind.ROBOT)
        tasks = Task.objects.filter(state=TaskState.OPEN)
        return Midnight(
            day=day.isoformat(),
            loose=sum(1 for _ in orphans(now=now)),
            watched=contacts.filter(on=day).exclude(state=DueState.CANCELLED).count(),
            done=contacts.filter(on=day, state=DueState.DONE).count(),
            owed=contacts.filter(state=DueState.HANDED).count(),
            sent=moved.filter(code=VisitState.SENT).count(),
            ended=moved.filter(code__in=(VisitState.CLOSED, VisitState.REDIRECTED)).count(),
            open=tasks.filter(about_type="home_visit").count(),
            climbed=tasks.filter(rung__gt=0).count(),
        )


# -- phases ----------------------------------------------------------------------------------


def _turn(life: Life, day: date, *, hour: int) -> None:
    turn_loops(at(day, time(hour)))


def _come(life: Life, day: date) -> None:
    come(life, day)


def _plan(life: Life, day: date) -> None:
    plan_day(day=day, by=WORKER, now=at(day, time(9)))


def _ring(life: Life, day: date, *, hour: int, claimed: Sequence[Claimed]) -> None:
    robot.ring(life, claimed, now=at(day, time(hour, 5)))


def _doctors(life: Life, day: date, *, hour: int) -> None:
    staff.consult(life, now=at(day, time(hour, 10)))
    staff.answer_alerts(life, now=at(day, time(hour, 40)))


def _clinics(life: Life, day: date, *, hour: int) -> None:
    clinics.clinics_move(life, now=at(day, time(hour, 15)), habits=clinics.UNRELIABLE)


def _evening(life: Life, day: date, *, hour: int) -> None:
    if day.toordinal() % 3:
        staff.by_hand(life, now=at(day, time(hour)))
    ask_hospitals(life, now=at(day, time(hour, 20)))
    clinics.read_results(life, now=at(day, time(hour, 30)))
    staff.answer_alerts(life, now=at(day, time(hour, 40)), rings=False)
    staff.end_stays(life, now=at(day, time(hour, 45)))


WORK = {11: "doctors", 13: "clinics", 16: "doctors", 17: "clinics", 20: "evening", 22: "clinics"}
PHASES: dict[str, Callable[..., None]] = {
    "turn": _turn,
    "come": _come,
    "plan": _plan,
    "ring": _ring,
    "doctors": _doctors,
    "clinics": _clinics,
    "evening": _evening,
}


# -- the judge -------------------------------------------------------------------------------


def main(processes: int) -> int:
    """A piece; 0 when all days are lived and every midnight was right."""
    pieces, crowd = figures.Pieces("time"), Crowd()
    clock, seen = Clock(pieces), pieces.done.get("seen", {})
    with kept_database("prove_time") as addresses:
        if not pieces.done:
            found_the_centre(FIRST)
            clock.keep(FIRST - timedelta(days=1))
        with hands(addresses, processes, partial(work, crowd=crowd)) as run:
            for day in days(clock.lived + timedelta(days=1), crowd.last):
                if clock.is_over():
                    print("This piece is over: call again.")
                    return 2
                midnight = live(day, run, crowd=crowd)
                seen[midnight.day] = asdict(midnight)
                pieces.keep("seen", seen)
                clock.keep(day)
                print(midnight, f"{clock.seconds:.0f} s")
        return _tell([Midnight(**row) for row in seen.values()], clock, crowd, processes)


def _tell(nights: list[Midnight], clock: Clock, crowd: Crowd, processes: int) -> int:
    with scope(WORKER):
        rang = CallAttempt.objects.filter(invited_at__isnull=False).count()
    rows = [tuple(asdict(night).values()) for night in nights]
    head = ("midnight after", "without an owner", "contacts of the day", "done", "owed by a person", *VISITS, "climbed")
    last = nights[-1]
    body = (
        f"{crowd.days} days, {crowd.patients} patients, {rang} robot calls, {last.sent} home visits: "
        f"{sum(not night.right for night in nights)} of {len(nights)} midnights wrong. "
        f"{clock.seconds / 60:.1f} minutes by {processes} processes.\n\n{figures.table(head, rows)}{NOTE}"
    )
    figures.keep("time", title="Thirty days with unreliable clinics", body=body)
    return int(not all(night.right for night in nights))


VISITS = ("visits sent", "visits ended", "visits open")
NOTE = """

Sent and ended are counted in the journal, open ones by the tasks that somebody has: sent = ended + open at every
midnight. A redirected request has ended, and another one was sent. Of the clinics' requests 45 % go as they should,
20 % are accepted nine hours late, 10 % after two days, 10 % find nobody, 8 % are refused, 7 % redirected. "Climbed"
are open tasks that were overdue and stand with the next one on their ladder.
"""

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROCESSES))
