"""Races between the end of a case and the dialler: after "died" or "admitted" is committed, no ring may start.

Two threads with a connection each start at one barrier. One claims and takes the permit exactly as the phone process
does, noting the moment its INVITE would leave inside the permit's transaction; the other ends the case and notes the
moment its commit returned. A ring that began after that is a violation. Every fourth race is about somebody who is
asked in the call of another person of the line: there the attempt joins a call that is already answered.
"""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time as day_time
from datetime import timedelta
from functools import partial

from django.db import connections

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from medet.base.actor import ROBOT, WORKER, Actor
from medet.base.scope import scope
from medet.contacts.calls.actions import CallEnd, join_call, mark_answered, permit
from medet.contacts.calls.claim import Claimed, Manners, claim
from medet.contacts.models import CallAttempt, CallOrder
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.flows.end_call import end_call
from medet.flows.end_case import end_case
from medet.monitoring.models import Enrolment
from medet.records.models import Case
from medet.records.states import CaseState
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.prove import figures
from tests.prove.house import own_cluster

LEASE = timedelta(seconds=45)
MANNERS = Manners(
    daily_cap=3, gap=timedelta(hours=2), quiet_start=day_time(9), quiet_end=day_time(20), zone="Asia/Almaty"
)

SPOKEN = CallEnd(outcome=AttemptOutcome.ANSWERED, contact_outcome=ContactOutcome.COMPLETE)


@dataclass
class Race:
    """What one race left behind."""

    joins: bool = False  # a call that is answered, instead of ringing
    rang_at: float | None = None
    ended_at: float | None = None
    fault: str = ""

    @property
    def winner(self) -> str:
        """How it came out; `violation` and `fault` must never happen."""
        if self.fault or self.ended_at is None:
            return "fault"
        if self.rang_at is None:
            return "no ring"
        if self.rang_at > self.ended_at:
            return "violation"
        return "joined before the end" if self.joins else "rang before the end"


def run(count: int, *, seed: int = 1) -> Counter[str]:
    """Runs `count` races, one person each, and counts how they came out."""
    chance = random.Random(seed)
    with scope(WORKER):
        town = make.city()
        doctor = town.actor("serik")
    outcomes: Counter[str] = Counter()
    for number in range(count):
        carrier = _answered(town) if number % 4 == 3 else None
        with scope(WORKER):
            enrolment = make.observed(town, make.person(town, phone=carrier.number if carrier else ""))
        outcomes[_race(enrolment, doctor, chance, carrier).winner] += 1
        if carrier:
            with scope(ROBOT):
                end_call(attempt_id=carrier.pk, end=SPOKEN, by=ROBOT, now=make.NOON)
    return outcomes


def _answered(town: make.City) -> CallAttempt:
    """Somebody else of the line, spoken with at this moment."""
    with scope(WORKER):
        make.observed(town)
    with scope(ROBOT):
        [one] = claim(limit=1, worker="race", manners=MANNERS, lease=LEASE, now=make.NOON)
        permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=make.NOON)
        mark_answered(attempt_id=one.attempt_id, lease=LEASE, by=ROBOT, now=make.NOON)
        return CallAttempt.objects.get(pk=one.attempt_id)


def _race(enrolment: Enrolment, doctor: Actor, chance: random.Random, carrier: CallAttempt | None) -> Race:
    race, barrier = Race(joins=carrier is not None), threading.Barrier(2)
    to = chance.choice((CaseState.DIED, CaseState.ADMITTED))
    # Joining takes less time than a claim, so it often begins later, or it would always win.
    head_start = chance.uniform(-0.06 if carrier else -0.012, 0.012)
    work = partial(_join, race, carrier, enrolment) if carrier else partial(_claim, race)
    dial = partial(_dial, work, barrier, max(0.0, -head_start))
    end = partial(_end, race, barrier, max(0.0, head_start), enrolment.case_id, doctor, to)
    threads = [threading.Thread(target=_guarded, args=(race, work)) for work in (dial, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return race


def _guarded(race: Race, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:
        race.fault = repr(error)
        print(race.fault)
    finally:
        connections.close_all()


def _dial(work: Callable[[], None], barrier: threading.Barrier, wait_s: float) -> None:
    barrier.wait(10)
    time.sleep(wait_s)  # spreads the start of the race: the thing under test is the order, not this pause
    work()


def _join(race: Race, carrier: CallAttempt, enrolment: Enrolment) -> None:
    """The line is the carrier's: both are said to be reached there."""
    with scope(ROBOT):
        order = CallOrder.objects.get(enrolment=enrolment)
        joined = join_call(carrier_id=carrier.pk, order_id=order.pk, lease=LEASE, now=make.NOON)
        race.rang_at = time.monotonic() if joined else None


def _claim(race: Race) -> None:
    with scope(ROBOT):
        claimed = claim(limit=5, worker="race", manners=MANNERS, lease=LEASE, now=make.NOON)
    for one in claimed:
        with scope(ROBOT):
            _ring(race, one)


def _ring(race: Race, one: Claimed) -> None:
    if permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=make.NOON):
        race.rang_at = time.monotonic()


def _end(race: Race, barrier: threading.Barrier, wait_s: float, case_id: int, doctor: Actor, to: CaseState) -> None:
    barrier.wait(10)
    time.sleep(wait_s)
    with scope(doctor):
        end_case(case=Case.objects.get(pk=case_id), to=to, by=doctor, now=make.NOON)
    race.ended_at = time.monotonic()


def main(numbers: list[int]) -> int:
    """Runs the pieces that are not done yet and writes the figures; 1 when a ring started after an end."""
    pieces = figures.Pieces("races")
    with own_cluster() as postgres:
        for piece in [number for number in numbers if str(number) not in pieces.done]:
            with TestDatabases(postgres).copy() as addresses, pointed_at(addresses):
                pieces.keep(piece, run(PIECE, seed=piece))
            print(f"piece {piece}: {pieces.done[str(piece)]}", flush=True)
    total = sum((Counter(row) for row in pieces.done.values()), Counter[str]())
    body = figures.table(("outcome", "races"), [(name, total[name]) for name in OUTCOMES])
    figures.keep("races", title=f"{total.total()} races between the end of a case and the dialler", body=body + NOTE)
    return int(total["violation"] + total["fault"] > 0)


OUTCOMES = ("no ring", "rang before the end", "joined before the end", "violation", "fault")
PIECE = 250
NOTE = """

Two threads start within 12 ms of each other: one claims and takes the permit as the phone process does, the other
writes "died" or "admitted". `violation` is a ring whose INVITE left after the commit of the end had returned.
In every fourth race the first joins a call that is answered already, as for the second person of a household.
"""


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or [1, 2, 3, 4]))
