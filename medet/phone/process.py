"""The phone process: one telephony engine, its dialler, and a tidy end."""

import asyncio
import importlib
import logging
import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from medet.base import policy
from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.engines.telephony import Engine, Network, Trunk, TrunkHealth
from medet.flows.trunk_watch import trunk_seen
from medet.phone.call import Desk
from medet.phone.dialler import Dialler
from medet.phone.ledger import Ledger
from medet.phone.prompts import Prompts
from medet.phone.ring import Outgoing

log = logging.getLogger("medet.phone")
DRAIN_S = 20.0
FLUSH_S = 10.0


class Driver(Protocol):
    """A module named in settings.TELEPHONY."""

    async def start(self, **options: Any) -> Engine:
        """Starts the engine."""


@dataclass(frozen=True)
class Limits:
    """Policy values a call needs from its first word."""

    ring_s: float
    callback_minutes: int


def limits() -> Limits:
    """Read once a process; runs inside a scope."""
    at = now()
    return Limits(
        ring_s=float(policy.whole("call.ring_seconds", now=at)),
        callback_minutes=policy.whole("danger.callback_minutes", now=at),
    )


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
        held = await self.ledger.post(0, limits)
        engine = await self._engine()
        desk = Desk(
            engine=engine,
            ledger=self.ledger,
            voice=Prompts(settings.PROMPTS).of,
            outgoing=Outgoing(trunk=self.trunk.name, caller_id=self.trunk.caller_id, ring_timeout_s=held.ring_s),
            callback_minutes=held.callback_minutes,
        )
        dialler = Dialler(desk, worker=f"{socket.gethostname()}:{os.getpid()}")
        log.info("phone ready, trunk %s", self.trunk.address)
        await dialler.run(self.stop) if not self.dead else None
        return await self._end(engine, dialler)

    async def _engine(self) -> Engine:
        driver: Driver = importlib.import_module(str(settings.TELEPHONY["driver"]))
        network = Network(**settings.TELEPHONY["network"])
        return await driver.start(trunks=[self.trunk], network=network, on_health=self._health, on_dead=self._died)

    async def _end(self, engine: Engine, dialler: Dialler) -> int:
        """Live calls may finish for a while, then they are hung up. Their ends are written down before the engine
        closes: closing it ends native threads, and what goes wrong there must not cost a result."""
        if not self.dead:
            await engine.drain(DRAIN_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(dialler.finish(), FLUSH_S)
        await self.ledger.close(FLUSH_S)
        await engine.close()
        return 1 if self.dead else 0

    def _health(self, health: TrunkHealth) -> None:
        self.ledger.post(2, lambda: trunk_seen(name=health.name, state=health.state.value, by=ROBOT, now=now()))

    def _died(self) -> None:
        """The SIP thread died: only a new process helps, so this one ends."""
        self.dead = True
        self.stop.set()


async def main() -> int:
    """Runs the process."""
    return await Process().run()
