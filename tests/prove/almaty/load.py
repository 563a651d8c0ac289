"""One day of the period after the other, by the actions and flows of life.

Every phase looks at the rows and does what is owed at its hour, so a day that was cut off is simply lived again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from medet.base.actor import WORKER
from medet.base.partitions import make_ahead
from medet.base.scope import scope
from medet.contacts.calls.claim import Claimed
from medet.contacts.models import CallLine
from medet.contacts.states import Direction
from medet.demo.city.everybody import found
from medet.demo.city.places import Login, build, standing
from medet.demo.city.roster import FIRST as DEMO_PEOPLE
from medet.demo.city.roster import Made, load, roster
from medet.demo.city.seed import one_transaction
from medet.demo.past import clinics, robot, staff
from medet.demo.past.around import ask_hospitals, ring_in
from medet.demo.past.arrivals import come
from medet.demo.past.life import WHOLE, Life, Share, at
from medet.flows.plan_day import plan_day
from medet.staff.states import Role
from medet.worker.loops import clocks, heavy, lists
from medet.worker.reference import load_reference
from tests.prove.almaty.quotas import FIRST, Quotas

PASSES = (time(9, 5), time(12, 10), time(14, 30), time(17, 10))
AFTER_A_PASS = timedelta(minutes=45)
# The source's fifty: with the demo's own thirteen of the centre.
MORE_DOCTORS, MORE_OPERATORS = range(7, 19), range(5, 30)
NOT_TURNED = ("robot", "pulse", "sessions")  # of the worker's loops: they look at processes and the wall's clock
MOST = 2_000
Run = Callable[..., None]


@cache
def everybody(quotas: Quotas) -> tuple[Made, ...]:
    """As many as the source counts, all with a number of their own or of their household."""
    return roster(DEMO_PEOPLE + quotas.patients)[DEMO_PEOPLE:]


def found_the_centre(first: date = FIRST) -> None:
    """The day before: places, staff, the programme."""
    founded = at(first - timedelta(days=1), time(9))
    with scope(WORKER), one_transaction():
        make_ahead(now=founded, since=founded.date().replace(day=1))
        load_reference(now=founded)
        build(now=founded, more=tuple(_more_staff()))


def _more_staff() -> list[Login]:
    names = load("names")["ru"]
    found: list[Login] = []
    for role, places in ((Role.DOCTOR, MORE_DOCTORS), (Role.OPERATOR, MORE_OPERATORS)):
        for place in places:
            family = names["family_female"][place % len(names["family_female"])]
            given = names["given_female"][place % len(names["given_female"])]
            found.append(Login(f"{role.value}{place}", role, "centre", family, given))
    return found


def life_of(quotas: Quotas, share: Share = WHOLE) -> Life:
    """The city that stands, and who will come."""
    people = everybody(quotas)
    stays = {made.place: stay for made, stay in zip(people, quotas.stays, strict=True)}
    return Life(standing(), {}, stays, people, share)


# -- the day ---------------------------------------------------------------------------------


def live(day: date, quotas: Quotas, run: Run, *, calls: bool = True) -> None:
    """A whole day, or its morning; `run` does a phase, in this process or in several."""
    run("turn", day, at=time(8))
    run("come", day)
    run("plan", day)
    if not calls:
        return
    run("consult", day, shared=True)
    for clock in PASSES:
        _pass(day, clock, quotas, run)
    run("evening", day, shared=True)
    run("rest", day, shared=True, count=max(0, quotas.calls_of(day, made_before(day)) - made_on(day)))
    run("end", day, shared=True)
    run("turn", day, at=time(20, 5))


def _pass(day: date, clock: time, quotas: Quotas, run: Run) -> None:
    """Of the month's calls that are left, each call of the robot may need two more of the staff."""
    left = (quotas.outbound(day.month) - made_before(day) - made_on(day)) // 3
    with scope(WORKER):
        claimed = [replace(one, programme={}) for one in robot.due(now=at(day, clock), limit=max(0, min(left, MOST)))]
    run("ring", day, shared=True, at=clock, claimed=claimed)
    run("answer", day, shared=True, at=clock)


def made_on(day: date) -> int:
    """Outbound calls of a day."""
    return _outbound(day, day)


def made_before(day: date) -> int:
    """Outbound calls of the month before this day."""
    return _outbound(day.replace(day=1), day - timedelta(days=1)) if day.day > 1 else 0


def _outbound(first: date, last: date) -> int:
    with scope(WORKER):
        after = at(last + timedelta(days=1), time())
        rows = CallLine.objects.filter(direction=Direction.OUTBOUND, at__gte=at(first, time()), at__lt=after)
        return rows.count()


# -- its phases ------------------------------------------------------------------------------


def _turn(life: Life, day: date, quotas: Quotas, *, at: time) -> None:
    turn_loops(_at(day, at))


def turn_loops(now: datetime) -> None:
    """The worker's own loops, until none of them finds work."""
    for loop in (*clocks(), *heavy(), *lists()[:1]):
        if loop.name not in NOT_TURNED:
            while loop.step(now):
                pass


def _come(life: Life, day: date, quotas: Quotas) -> None:
    come(life, day)


def _plan(life: Life, day: date, quotas: Quotas) -> None:
    plan_day(day=day, by=WORKER, now=at(day, time(9)))


def _ring(life: Life, day: date, quotas: Quotas, *, at: time, claimed: Sequence[Claimed]) -> None:
    robot.ring(life, claimed, now=_at(day, at))


def _answer(life: Life, day: date, quotas: Quotas, *, at: time) -> None:
    staff.answer_alerts(life, now=_at(day, at) + AFTER_A_PASS)


def _consult(life: Life, day: date, quotas: Quotas) -> None:
    staff.consult(life, now=at(day, time(10, 30)))


def _evening(life: Life, day: date, quotas: Quotas) -> None:
    clinics.clinics_move(life, now=at(day, time(17, 30)))
    ask_hospitals(life, now=at(day, time(17, 45)))
    staff.by_hand(life, now=at(day, time(18)))
    clinics.read_results(life, now=at(day, time(18, 40)))
    staff.answer_alerts(life, now=at(day, time(19, 10)), rings=False)


def _end(life: Life, day: date, quotas: Quotas) -> None:
    staff.end_stays(life, now=at(day, time(19, 40)))


def _rest(life: Life, day: date, quotas: Quotas, *, count: int) -> None:
    """The centre's own calls until the day's number is full, and the calls of people to the centre."""
    staff.check_calls(life, count, now=at(day, time(19, 15)))
    if life.share.index == 0:
        ring_in(life, day, quotas.rung_on(day))


_at = at
PHASES: dict[str, Callable[..., None]] = {
    "turn": _turn,
    "come": _come,
    "plan": _plan,
    "ring": _ring,
    "answer": _answer,
    "consult": _consult,
    "evening": _evening,
    "rest": _rest,
    "end": _end,
}


def do(life: Life, phase: str, day: date, quotas: Quotas, **more: Any) -> None:
    """One phase as one transaction, with everybody who came so far."""
    with scope(WORKER), one_transaction():
        PHASES[phase](replace(life, who=found(life.people)), day, quotas, **more)


life_of_this_process = cache(life_of)


def work(phase: str, day: date, *, quotas: Quotas, share: Share, **more: Any) -> None:
    """For one of several processes, each of which asks only once what stays the same."""
    with scope(WORKER):
        life = life_of_this_process(quotas, share)
    do(life, phase, day, quotas, **more)


def alone(quotas: Quotas) -> Run:
    """For this process alone."""
    life = life_of(quotas)

    def run(phase: str, day: date, *, shared: bool = False, **more: Any) -> None:
        do(life, phase, day, quotas, **more)

    return run
