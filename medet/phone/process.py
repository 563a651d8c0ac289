"""The phone process: one telephony engine, its dialler, and a tidy end."""

import asyncio
import importlib
import logging
import os
import signal
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from medet.base import policy
from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.base.pulse import EVERY_S, beat
from medet.engines.telephony import Engine, Network, Trunk, TrunkHealth, TrunkState
from medet.engines.telephony.pacing import Pace
from medet.flows.trunk_watch import trunk_seen
from medet.phone.call import Desk
from medet.phone.dialler import Dialler
from medet.phone.ledger import Ledger
from medet.phone.prompts import Prompts
from medet.phone.ring import Outgoing

log = logging.getLogger("medet.phone")
FLUSH_S = 5.0


class Driver(Protocol):
    """A module named in settings.TELEPHONY."""

    async def start(self, **options: Any) -> Engine:
        """Starts the engine."""


@dataclass(frozen=True)
class Limits:
    """Policy values a call needs from its first word."""

    ring_s: float


def limits() -> Limits:
    """Read once a process; runs inside a scope."""
    at = now()
    return Limits(ring_s=float(policy.whole("call.ring_seconds", now=at)))


class Process:
    """Everything the phone process holds."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.dead = False
        self.ledger = Ledger()
        self.trunk = Trunk(**settings.TELEPHONY["trunk"])

    async def run(self) -> int:
        """Until a signal, or until the engine dies; the exit code says which."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        held = await self._unless_stopped(self.ledger.post("limits", limits))
        if held is None:
            return await self._close_ledger()
        try:
            engine = await self._engine()
        except Exception as error:
            log.error("the telephone engine does not start: %s", error)
            await self._close_ledger()
            return 1
        log.info("phone ready, trunk %s", self.trunk.address)
        dialler = Dialler(self._desk(engine, held), worker=f"{socket.gethostname()}:{os.getpid()}")
        keeper = asyncio.create_task(dialler.look_after())
        ringing = asyncio.create_task(dialler.run(self.stop))
        beating = asyncio.create_task(self._beat())
        await self.stop.wait()
        if not self.dead:
            dialler.leave()
            await engine.drain(settings.PHONE_DRAIN_S)
        return await self._end(engine, dialler, (keeper, ringing, beating))

    async def _unless_stopped(self, word: "asyncio.Future[Limits]") -> Limits | None:
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
            await self.ledger.post("pulse", lambda: beat(name="phone", now=now()))
            await asyncio.sleep(EVERY_S)

    async def _engine(self) -> Engine:
        driver: Driver = importlib.import_module(str(settings.TELEPHONY["driver"]))
        network = Network(**settings.TELEPHONY["network"])
        return await driver.start(trunks=[self.trunk], network=network, on_health=self._health, on_dead=self._died)

    def _desk(self, engine: Engine, held: Limits) -> Desk:
        return Desk(
            engine=engine,
            pace=Pace(self.trunk.attempts_per_s),
            ledger=self.ledger,
            voice=Prompts(settings.PROMPTS).of,
            outgoing=Outgoing(trunk=self.trunk.name, caller_id=self.trunk.caller_id, ring_timeout_s=held.ring_s),
        )

    async def _end(self, engine: Engine, dialler: Dialler, loops: "tuple[asyncio.Task[None], ...]") -> int:
        """What is still under way is hung up, and its ends are written down before the engine closes: closing it
        ends native threads, and what goes wrong there must not cost a result."""
        await dialler.finish(FLUSH_S)
        for loop in loops:
            loop.cancel()
        code = await self._close_ledger()
        await engine.close()
        return code

    async def _close_ledger(self) -> int:
        if not await self.ledger.close(FLUSH_S):
            # Their leases run out; the worker closes them as unknown and nobody is forgotten.
            log.error("the database is away: the ends of some calls could not be written down")
        return 1 if self.dead else 0

    def _health(self, health: TrunkHealth) -> None:
        level = logging.INFO if health.state in (TrunkState.OK, TrunkState.REGISTERING) else logging.ERROR
        log.log(level, "trunk %s is %s %s %s", health.name, health.state, health.sip_code or "", health.detail)
        self.ledger.post("trunk", lambda: trunk_seen(name=health.name, state=health.state.value, by=ROBOT, now=now()))

    def _died(self) -> None:
        """The SIP thread died: only a new process helps, so this one ends."""
        self.dead = True
        self.stop.set()


async def main() -> int:
    """Runs the process."""
    return await Process().run()
