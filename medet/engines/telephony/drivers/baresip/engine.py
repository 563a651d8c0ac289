"""The engine: trunks, legs, and the guard before every INVITE."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from baresip.call import Call
from baresip.config import Config
from baresip.errors import BaresipError, CommandTimeout, RuntimeDead
from baresip.runtime import Runtime

from medet.engines.telephony.drivers.baresip.dispatch import Dispatch
from medet.engines.telephony.drivers.baresip.leg import BaresipLeg
from medet.engines.telephony.drivers.baresip.life import LegLife
from medet.engines.telephony.drivers.baresip.line import Line, OnHealth
from medet.engines.telephony.drivers.baresip.wire import Wire
from medet.engines.telephony.guard import Memory, check_number
from medet.engines.telephony.pacing import Turn
from medet.engines.telephony.protocol import CallSpec, Capacity, Health, Leg, Network, Trunk
from medet.engines.telephony.refusals import (
    DialUncertain,
    EngineClosed,
    NoChannel,
    NotStarted,
    TooLate,
    TrunkDown,
    UnknownTrunk,
)

# A hang-up holds the SIP thread for 20-42 ms (measured). One at a time leaves the thread to dialling and
# keys in between, and keeps a burst of them from running into the 5 s command timeout.
HANGUP_PAUSE_S = 0.005
# One hang-up with its pause, and what the whole close may take beside that.
HANGUP_S = 0.08
CLOSE_S = 3.0
# A phone that vanished without BYE sends no RTP; even silence is packets.
RTP_TIMEOUT_S = 30


async def start(
    *,
    trunks: Sequence[Trunk],
    network: Network,
    on_health: OnHealth | None = None,
    on_dead: Callable[[], None] | None = None,
    rtp_timeout_s: int = RTP_TIMEOUT_S,
) -> "BaresipEngine":
    """Start the stack and every trunk. `on_dead`: the SIP thread died, only a new process helps."""
    runtime = Runtime()
    try:
        await runtime.start(_config(network, rtp_timeout_s))
    except BaresipError as error:
        raise NotStarted(f"{network.host}:{network.sip_port} ({error})") from error
    engine = BaresipEngine(runtime, [Line(trunk, on_health) for trunk in trunks], on_dead)
    try:
        await engine.open()
    except BaseException:
        await engine.close()
        raise
    return engine


def _config(network: Network, rtp_timeout_s: int) -> Config:
    return Config(
        net_interface=network.interface,
        max_concurrent_calls=None,  # our own channels are counted a trunk; the stack's default is 2
        rtp_timeout=rtp_timeout_s,
        extra_config_text=(
            f"sip_listen {network.host}:{network.sip_port}\nrtp_ports {network.rtp_first}-{network.rtp_last}\n"
            # Else it also listens for TLS, on the next port and with an OpenSSL past its life.
            "sip_transports udp,tcp\n"
        ),
    )


class BaresipEngine:
    """An Engine (see the protocol) over one baresip runtime."""

    def __init__(self, runtime: Runtime, lines: Sequence[Line], on_dead: Callable[[], None] | None) -> None:
        """See `start`."""
        self._runtime = runtime
        self._dispatch = Dispatch(runtime)
        self._wire = Wire()
        self._lines = OrderedDict((line.trunk.name, line) for line in lines)
        self._legs: set[LegLife] = set()
        self._turn = Turn(HANGUP_PAUSE_S)
        self._dialled = Memory()
        self._on_dead = on_dead
        self._take: Callable[[Leg], None] | None = None
        self._kept: set[asyncio.Future[Any]] = set()
        self._alive = True
        self._closing = False
        runtime.on_dead = self._died  # type: ignore[assignment]  # declared without its type there

    async def open(self) -> None:
        """Bring every trunk up; returns before registration is done."""
        await self._wire.open(self._runtime)
        for line in self._lines.values():
            await line.open(self._runtime)
            line.ua.on_incoming(partial(self._incoming, line))

    # -- outbound ---------------------------------------------------------------------------

    async def originate(self, spec: CallSpec) -> Leg:
        """Place a call; returns as soon as the INVITE has left."""
        line = self._guard(spec)
        line.live += 1
        try:
            await line.pace.wait()
        except BaseException:
            line.live -= 1
            raise
        placing = asyncio.ensure_future(self._place(line, spec))
        try:
            return await asyncio.shield(placing)
        except asyncio.CancelledError:
            # The INVITE may be out: nobody would hold the leg, so it is taken back.
            placing.add_done_callback(self._take_back)
            raise

    async def _place(self, line: Line, spec: CallSpec) -> BaresipLeg:
        try:
            call = await self._dial(line, spec)
        except BaseException:
            line.live -= 1
            raise
        leg = self._adopt(line, call, spec.to, outbound=True)
        if leg.end is None:
            self._wire.on_heard(leg.id, leg.heard)
            leg.ring_for(spec.ring_timeout_s)
        return leg

    def _take_back(self, placing: "asyncio.Future[BaresipLeg]") -> None:
        if not placing.cancelled() and placing.exception() is None:
            self._keep(placing.result().hangup())

    def _keep(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run beside everything; a task that nobody holds may be collected in mid-air."""
        task = asyncio.ensure_future(work)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def _guard(self, spec: CallSpec) -> Line:
        """Everything that can be refused before a packet leaves."""
        if self._closing or not self._alive:
            raise EngineClosed(spec.to)
        line = self._line(spec.trunk)
        check_number(spec.to, line.trunk.allowed_prefixes)
        if line.trunk.max_channels <= line.live:
            raise NoChannel(line.trunk.name)
        if not line.free:
            raise TrunkDown(f"{line.trunk.name} {line.health.state} {line.health.detail}".strip())
        self._dialled.claim(spec.idempotency_key)
        return line

    def _line(self, name: str) -> Line:
        if not name:
            return next(iter(self._lines.values()))
        try:
            return self._lines[name]
        except KeyError:
            raise UnknownTrunk(name) from None

    async def _dial(self, line: Line, spec: CallSpec) -> Call:
        # The last moment at which we can tell: what follows is the SIP thread's own queue.
        if spec.until is not None and time.monotonic() > spec.until:
            raise TooLate(spec.to)
        try:
            return await line.ua.dial(line.uri(spec.to), line.headers(spec.caller_id))
        except (CommandTimeout, RuntimeDead) as error:
            self._died()
            raise DialUncertain(spec.to) from error
        except BaresipError as error:
            raise TrunkDown(f"{line.trunk.name}: {error}") from error

    def _adopt(self, line: Line, call: Call, peer: str, *, outbound: bool) -> BaresipLeg:
        leg = BaresipLeg(call, peer=peer, outbound=outbound, turn=self._turn, on_end=partial(self._ended, line))
        self._legs.add(leg)
        self._dispatch.adopt(call, leg.hear)
        if leg.end is None:  # an instant refusal may already be replayed
            self._wire.on_key(leg.id, leg.press)
        return leg

    def _ended(self, line: Line, leg: LegLife) -> None:
        self._legs.discard(leg)
        self._dispatch.release(leg.call)
        self._wire.forget(leg.id)
        line.live -= 1
        if leg.end is not None:
            line.learn(leg.end)

    # -- inbound ----------------------------------------------------------------------------

    def on_inbound(self, take: Callable[[Leg], None]) -> None:
        """Hand every inbound call to `take`."""
        self._take = take

    def _incoming(self, line: Line, call: Call) -> None:
        full = line.live >= line.trunk.max_channels
        line.live += 1
        leg = self._adopt(line, call, _number(call.peer or ""), outbound=False)
        self._keep(leg.hangup() if full or self._closing else self._hand_over(leg))

    async def _hand_over(self, leg: BaresipLeg) -> None:
        """Only a trunk of ours may ring us; anybody else on the network hears busy."""
        source = await self._wire.source(leg.id)
        known = any(source in line.sources for line in self._lines.values())
        if known and self._take is not None and leg.end is None:
            self._take(leg)
        else:
            await leg.hangup()

    # -- state ------------------------------------------------------------------------------

    def capacity(self, trunk: str = "") -> Capacity:
        """Room for new calls now."""
        line = self._line(trunk)
        free = line.free if self._alive and not self._closing else 0
        return Capacity(line.live, free, line.trunk.attempts_per_s)

    def health(self) -> Health:
        """For the supervisor, the screen and the alarm."""
        return Health(self._alive, len(self._legs), tuple(line.health for line in self._lines.values()))

    def _died(self) -> None:
        if not self._alive:
            return
        self._alive = False
        for leg in list(self._legs):
            leg.finish("SIP stack died")
        if self._on_dead is not None:
            self._on_dead()

    # -- the end ----------------------------------------------------------------------------

    async def drain(self, timeout_s: float) -> bool:
        """Take no new calls; True when the live ones ended within the time."""
        self._closing = True
        waiting = [asyncio.ensure_future(leg.finished()) for leg in self._legs]
        if not waiting:
            return True
        _, late = await asyncio.wait(waiting, timeout=timeout_s)
        for task in late:
            task.cancel()
        return not late

    async def close(self) -> None:
        """Hang up what is left and stop."""
        self._closing = True
        await self._hang_up_all()
        await asyncio.gather(*(line.close() for line in self._lines.values()))
        self._wire.shut()
        if self._alive:
            await self._runtime.close()
        self._alive = False

    async def _hang_up_all(self) -> None:
        """Not for ever: an INVITE that nothing answers can only be abandoned."""
        tasks = [asyncio.ensure_future(leg.hangup()) for leg in self._legs]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=CLOSE_S + len(tasks) * HANGUP_S)
        for task in late:
            task.cancel()
        for leg in list(self._legs):
            leg.finish("engine closed")


def _number(uri: str) -> str:
    """The user part of a SIP URI."""
    found = re.search(r"sips?:([^@;>]+)@", uri)
    return found[1] if found else uri
