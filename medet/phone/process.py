"""The phone process: one telephony engine, its dialler, and a tidy end.

It looks at what was set on the pages: own recordings are taken while calls go on; another trunk needs another engine,
and an engine cannot begin twice in one process, so this one ends its calls and begins anew (`AGAIN`).
"""

import asyncio
import contextlib
import importlib
import logging
import os
import signal
import socket
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.conf import settings

from medet.base import policy
from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.base.pulse import EVERY_S, beat
from medet.contacts.line.queries import own_prompts, prompts_mark, trunk_values
from medet.contacts.staff_calls.actions import close_lost_staff_calls
from medet.engines.telephony import Engine, Network, Trunk, TrunkHealth, TrunkState
from medet.engines.telephony.pacing import Pace
from medet.flows.trunk_watch import trunk_seen
from medet.phone.call import Desk
from medet.phone.dialler import Dialler
from medet.phone.ledger import Ledger
from medet.phone.prompts import Prompts
from medet.phone.ring import Outgoing
from medet.phone.staff_calls import StaffCalls

log = logging.getLogger("medet.phone")
FLUSH_S = 5.0
LOOK_S = 2.0
# The exit code that asks for the same process once more (sysexits.h: try again).
AGAIN = 75


class Driver(Protocol):
    """A module named in settings.TELEPHONY."""

    async def start(self, **options: Any) -> Engine:
        """Starts the engine."""


@dataclass(frozen=True)
class Settings:
    """What the pages and the policy say at one moment."""

    trunk: dict[str, Any] | None
    ring_s: float
    mark: object  # of the own recordings


def look() -> Settings:
    """Runs inside a scope."""
    ring_s = float(policy.whole("call.ring_seconds", now=now()))
    return Settings(trunk=trunk_values(), ring_s=ring_s, mark=prompts_mark())


def begin() -> Settings:
    """The first look; a call to a colleague that another process was ringing is over."""
    close_lost_staff_calls(now=now())
    return look()


class Process:
    """Everything the phone process holds."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.dead = self.again = False
        self.ledger = Ledger()
        self.engine: Engine | None = None
        self.health: TrunkHealth | None = None

    async def run(self) -> int:
        """Until a signal, until another trunk is set, or until the engine dies; the exit code says which."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        held = await self._held()
        if held is None:
            return await self._close_ledger()
        self.held, self.trunk = held, Trunk(**held.trunk or {})
        self.prompts = await self._recordings()
        try:
            self.engine = engine = await self._engine()
        except Exception as error:
            log.error("the telephone engine does not start: %s", error)
            await self._close_ledger()
            return 1
        log.info("phone ready, trunk %s", self.trunk.address)
        desk = self._desk(engine)
        dialler = Dialler(desk, worker=f"{socket.gethostname()}:{os.getpid()}")
        colleagues = StaffCalls(desk)
        works = (dialler.look_after(), dialler.run(self.stop), colleagues.run(), self._beat(), self._watch())
        loops = tuple(asyncio.create_task(work) for work in works)
        await self.stop.wait()
        if not self.dead:
            dialler.leave()
            await colleagues.leave()
            await engine.drain(settings.PHONE_DRAIN_S)
        return await self._end(engine, dialler, colleagues, loops)

    async def _held(self) -> Settings | None:
        """Waits for the database and for a trunk to be set; a signal still ends us."""
        said = False
        held = await self._unless_stopped(self.ledger.post("settings", begin))
        while held is not None and held.trunk is None:
            if not said:
                log.info("no trunk is set yet: waiting for one")
                said = True
            await self._pause()
            held = None if self.stop.is_set() else await self._unless_stopped(self.ledger.post("settings", look))
        return held

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), LOOK_S)

    async def _recordings(self) -> Prompts:
        return Prompts(settings.PROMPTS, await self.ledger.post("prompts", own_prompts))

    async def _watch(self) -> None:
        """What was set on the pages since; calls that end themselves keep what they began with."""
        while not self.stop.is_set():
            await self._pause()
            seen = await self.ledger.post("settings", look)
            if seen.trunk is not None and seen.trunk != self.held.trunk:
                log.info("another trunk is set: beginning anew")
                self.again = True
                self.stop.set()
                return
            if seen.mark != self.held.mark:
                self.prompts = await self._recordings()
                log.info("the recordings have changed and were read again")
            self.held = replace(seen, trunk=self.held.trunk)

    async def _unless_stopped(self, word: "asyncio.Future[Settings]") -> Settings | None:
        """The database may be away when we start: a signal still ends us."""
        stopped = asyncio.create_task(self.stop.wait())
        either: set[asyncio.Future[Any]] = {word, stopped}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if word.done():
            return word.result()
        word.cancel()
        return None

    async def _beat(self) -> None:
        """Says that this process lives, through the ledger: a ledger that is stuck is no life."""
        while True:
            self._say()
            await asyncio.sleep(EVERY_S)

    def _say(self) -> "asyncio.Future[None]":
        """The pulse with what the trunk's page shows."""
        health, live = self.health, self.engine.capacity().live if self.engine else 0
        facts = {
            "trunk": health.state.value if health else "",
            "sip_code": health.sip_code if health else None,
            "address": self.trunk.address,
            "live": live,
        }
        return self.ledger.post("pulse", lambda: beat(name="phone", now=now(), **facts))

    async def _engine(self) -> Engine:
        driver: Driver = importlib.import_module(str(settings.TELEPHONY["driver"]))
        network = Network(**settings.TELEPHONY["network"])
        return await driver.start(trunks=[self.trunk], network=network, on_health=self._health, on_dead=self._died)

    def _desk(self, engine: Engine) -> Desk:
        return Desk(
            engine=engine,
            pace=Pace(self.trunk.attempts_per_s),
            ledger=self.ledger,
            voice=lambda language: self.prompts.of(language),
            outgoing=Outgoing(trunk=self.trunk.name, caller_id=self.trunk.caller_id, ring_timeout_s=self.held.ring_s),
        )

    async def _end(
        self, engine: Engine, dialler: Dialler, colleagues: StaffCalls, loops: "tuple[asyncio.Task[None], ...]"
    ) -> int:
        """What is still under way is hung up, and its ends are written down before the engine closes: closing it
        ends native threads, and what goes wrong there must not cost a result."""
        await dialler.finish(FLUSH_S)
        await colleagues.finish(FLUSH_S)
        for loop in loops:
            loop.cancel()
        code = await self._close_ledger()
        await engine.close()
        return code

    async def _close_ledger(self) -> int:
        if not await self.ledger.close(FLUSH_S):
            # Their leases run out; the worker closes them as unknown and nobody is forgotten.
            log.error("the database is away: the ends of some calls could not be written down")
        return 1 if self.dead else AGAIN if self.again else 0

    def _health(self, health: TrunkHealth) -> None:
        self.health = health
        level = logging.INFO if health.state in (TrunkState.OK, TrunkState.REGISTERING) else logging.ERROR
        log.log(level, "trunk %s is %s %s %s", health.name, health.state, health.sip_code or "", health.detail)
        self.ledger.post("trunk", lambda: trunk_seen(name=health.name, state=health.state.value, by=ROBOT, now=now()))
        self._say()

    def _died(self) -> None:
        """The SIP thread died: only a new process helps, so this one ends."""
        self.dead = True
        self.stop.set()


async def main() -> int:
    """Runs the process."""
    return await Process().run()
