"""The clocks of the house: loops of step(now) -> bool, level-triggered, each safe to run twice or by two workers."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, connections

from medet.base import seals
from medet.base.actor import WORKER
from medet.base.clock import now as clock_now
from medet.base.partitions import make_ahead
from medet.base.pulse import EVERY_S, beat
from medet.base.scope import scope
from medet.flows.day_campaign import ask_operators
from medet.flows.doctor_contact import ask_doctors
from medet.flows.finish_campaigns import finish_campaigns
from medet.flows.gone_home import gone_home
from medet.flows.ladder import climb_overdue
from medet.flows.lost_calls import lost_calls
from medet.flows.observation_over import ask_for_the_end
from medet.flows.ring_duty import ring_duty
from medet.flows.robot_watch import watch_robot
from medet.flows.stopped_calls import hand_stopped
from medet.flows.take_list import forget_previews, take_lists
from medet.flows.windows import close_windows
from medet.worker.planner import Planner

log = logging.getLogger("medet.worker")
Step = Callable[[datetime], bool]
# When each loop last ran and what it failed with; told with the pulse, for the page of the installation's state.
TURNS: dict[str, dict[str, object]] = {}


def _partitions(now: datetime) -> bool:
    make_ahead(now=now)
    return False


def _sessions(now: datetime) -> bool:
    """Sessions that are over; a sign-out deletes its own."""
    SessionStore.clear_expired()
    return False


@dataclass
class Loop:
    """One step, and how long to wait after it found nothing."""

    name: str
    step: Step
    every_s: float
    due: float = field(default=0.0)

    def turn(self) -> None:
        """Runs the step in a scope of its own; a fault is logged and waits for the next turn."""
        begun, fault = clock_now(), ""
        try:
            with scope(WORKER):
                worked = self.step(clock_now())
        except (OperationalError, InterfaceError):
            connections.close_all()
            log.warning("%s: the database is away", self.name)
            worked, fault = False, "database"
        except Exception as error:
            log.exception("%s failed", self.name)
            worked, fault = False, type(error).__name__
        TURNS[self.name] = {"at": begun.isoformat(), "every_s": self.every_s, "fault": fault}
        self.due = time.monotonic() + (0 if worked else self.every_s)


def _beat(now: datetime) -> bool:
    beat(name="worker", now=now, loops=dict(TURNS))
    return False


def clocks() -> list[Loop]:
    """What somebody waits for: promise 4 wants an overdue task to climb within 60 s."""
    return [
        Loop("pulse", _beat, EVERY_S),
        Loop("lost calls", lambda now: lost_calls(by=WORKER, now=now), 3),
        Loop("stopped calls", lambda now: hand_stopped(by=WORKER, now=now), 3),
        Loop("finished campaigns", lambda now: finish_campaigns(by=WORKER, now=now), 20),
        Loop("windows", lambda now: close_windows(by=WORKER, now=now), 10),
        Loop("calls not started", lambda now: ask_operators(by=WORKER, now=now), 20),
        Loop("ladder", lambda now: climb_overdue(by=WORKER, now=now), 10),
        Loop("robot", lambda now: watch_robot(by=WORKER, now=now), 20),
        Loop("duty phones", lambda now: ring_duty(by=WORKER, now=now), 10),
        Loop("gone home", lambda now: gone_home(by=WORKER, now=now), 20),
    ]


def heavy() -> list[Loop]:
    """What may take long, and must not hold up the clocks: a whole day's plan, the seals (promise 8: within 60 s)."""
    return [
        Loop("plan", Planner().step, 30),
        Loop("doctors", lambda now: ask_doctors(by=WORKER, now=now), 10),
        Loop("observations over", lambda now: ask_for_the_end(by=WORKER, now=now), 60),
        Loop("forgotten lists", lambda now: forget_previews(by=WORKER, now=now), 600),
        Loop("seals", seals.step, 20),
        Loop("partitions", _partitions, 3600),
        Loop("sessions", _sessions, 3600),
    ]


def lists() -> list[Loop]:
    """Takers of lists, each of another one, so that what one computes and what PostgreSQL writes for the other go on at
    the same time; each in a thread of its own, because a list of twenty thousand must not hold up the day's plan."""
    return [Loop(name, lambda now: take_lists(by=WORKER, now=now), 2) for name in ("lists", "more lists")]


def run(stop: threading.Event) -> None:
    """The clocks here and all others in threads, until told to stop; a step under way is finished first."""
    others = [threading.Thread(target=turn, args=(loops, stop)) for loops in (heavy(), *([one] for one in lists()))]
    for other in others:
        other.start()
    turn(clocks(), stop)
    for other in others:
        other.join()


def turn(turning: list[Loop], stop: threading.Event) -> None:
    """Turns every loop when it is due."""
    while not stop.is_set():
        for loop in turning:
            if loop.due <= time.monotonic() and not stop.is_set():
                loop.turn()
        stop.wait(max(0.05, min(loop.due for loop in turning) - time.monotonic()))
