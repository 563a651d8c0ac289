"""One trunk on the stack: its user agent, its registration, its pace and what we know of its health."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable

from baresip.config import Account
from baresip.errors import BaresipError, RegistrationError
from baresip.events import Event, StackEvent
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from medet.engines.telephony.drivers.baresip.ending import sip_status
from medet.engines.telephony.drivers.baresip.ping import Ping
from medet.engines.telephony.outcomes import Outcome
from medet.engines.telephony.pacing import Pace
from medet.engines.telephony.protocol import LegEnd, Trunk, TrunkHealth, TrunkState

# The narrow-band codecs every telephone network speaks; nothing else is offered.
CODECS = ("pcma", "pcmu")
REGISTER_TIMEOUT_S = 8.0
RETRY_FIRST_S = 1.0
RETRY_MOST_S = 30.0
# The stack renews at 90 % of the time granted; past that and this much more we ask anew.
RENEWAL_GRACE_S = 10.0
# So many calls in a row without a single SIP answer: the trunk is silent.
SILENT_AFTER = 3

OnHealth = Callable[[TrunkHealth], None]


class Line:
    """A trunk in operation."""

    def __init__(self, trunk: Trunk, on_health: OnHealth | None = None) -> None:
        """Not yet known to the stack: see `open`."""
        self.trunk = trunk
        self.pace = Pace(trunk.attempts_per_s)
        self.live = 0
        state = TrunkState.REGISTERING if trunk.register else TrunkState.OK
        self.health = TrunkHealth(trunk.name, state, time.monotonic())
        self._on_health = on_health
        self._told = False  # the first word is told even when it is what was assumed
        self._ua: UserAgent | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._renewed = asyncio.Event()
        self._pinging: asyncio.Task[None] | None = None
        self._back = asyncio.Event()  # the trunk answers again: register without waiting
        self._unanswered = 0
        self.sources: frozenset[str] = frozenset(trunk.inbound_from)

    @property
    def ua(self) -> UserAgent:
        """The stack's user agent."""
        assert self._ua is not None, "open() first"
        return self._ua

    async def open(self, runtime: Runtime) -> None:
        """Make the user agent; start to register, if the trunk wants that."""
        self._ua = await UserAgent.create(runtime, self._account())
        if not self.sources:
            self.sources = await _addresses(self.trunk.address)
        if self.trunk.register:
            self._ua.on(self._hear)
            self._keeper = asyncio.create_task(self._keep_registered())
        if self.trunk.ping_every_s > 0:
            self._pinging = asyncio.create_task(Ping(self.trunk, self._pinged).run())

    def _account(self) -> Account:
        trunk = self.trunk
        return Account(
            user=trunk.user,
            domain=trunk.realm or trunk.address,
            password=trunk.password,
            registrar=trunk.address if trunk.realm else None,
            reg_interval=trunk.register_every_s if trunk.register else 0,
            audio_codecs=CODECS,
            auth_user=trunk.auth_user,
            # An inbound INVITE may name any of our numbers, not the account's user.
            extra_params=("catchall=yes",),
        )

    def uri(self, number: str) -> str:
        """Where to send the INVITE for an E.164 number."""
        return f"sip:{number}@{self.trunk.realm or self.trunk.address}"

    def headers(self, caller_id: str | None) -> dict[str, str]:
        """The caller id, as RFC 3325 asserts it; From stays the account the trunk knows."""
        shown = caller_id or self.trunk.caller_id
        if not shown:
            return {}
        return {"P-Asserted-Identity": f"<sip:{shown}@{self.trunk.realm or self.trunk.address}>"}

    @property
    def free(self) -> int:
        """Channels that may be used now; a silent trunk is tried with one call at a time."""
        left = max(0, self.trunk.max_channels - self.live)
        if self.health.state is TrunkState.OK:
            return left
        if self.health.state is TrunkState.SILENT and not self.trunk.register:
            return min(left, 0 if self.live else 1)
        return 0

    # -- health -----------------------------------------------------------------------------

    def learn(self, end: LegEnd) -> None:
        """What a finished call says about an unregistered trunk."""
        answered = end.sip_code is not None or end.times.rang is not None
        if answered:
            self._unanswered = 0
        elif end.outcome is Outcome.NETWORK_FAILED:
            self._unanswered += 1
        if self.trunk.register:
            return
        if answered:
            self._become(TrunkState.OK)
        elif self._unanswered >= SILENT_AFTER:
            self._become(TrunkState.SILENT, detail=end.reason)

    def _pinged(self, there: bool) -> None:
        if not there:
            self._become(TrunkState.SILENT, detail="no answer to OPTIONS")
            self._lost.set()
            return
        if not self.trunk.register:
            self._unanswered = 0
            self._become(TrunkState.OK)
        elif self.health.state is TrunkState.SILENT:
            self._unanswered = 0
            self._become(TrunkState.REGISTERING)
            self._back.set()

    def _become(self, state: TrunkState, sip_code: int | None = None, detail: str = "") -> None:
        old = self.health
        if self._told and (old.state, old.sip_code, old.detail) == (state, sip_code, detail):
            return
        self._told = True
        self.health = TrunkHealth(self.trunk.name, state, time.monotonic(), sip_code, detail)
        if self._on_health is not None:
            self._on_health(self.health)

    # -- registration -----------------------------------------------------------------------

    def _hear(self, event: StackEvent) -> None:
        if event.event is Event.REGISTER_OK:
            self._become(TrunkState.OK)
            self._renewed.set()
        elif event.event is Event.REGISTER_FAIL:
            code, detail = sip_status(event.text or "")
            self._become(TrunkState.REFUSED if code else TrunkState.SILENT, code, detail)
            self._lost.set()

    async def _keep_registered(self) -> None:
        retry_s = RETRY_FIRST_S
        while True:
            if await self._register():
                retry_s = RETRY_FIRST_S
                await self._until_lost()
            else:
                await self._pause(retry_s)
                retry_s = min(RETRY_MOST_S, retry_s * 2)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._back.wait()
        self._back.clear()

    async def _register(self) -> bool:
        self._lost.clear()
        try:
            await self.ua.register(timeout=REGISTER_TIMEOUT_S)
        except RegistrationError as error:
            state = TrunkState.REFUSED if error.status else TrunkState.SILENT
            self._become(state, error.status, error.reason or str(error))
            return False
        except BaresipError as error:
            self._become(TrunkState.SILENT, None, str(error))
            return False
        self._become(TrunkState.OK)
        return True

    async def _until_lost(self) -> None:
        """Return when a renewal failed, or none was seen in time."""
        while not self._lost.is_set():
            self._renewed.clear()
            news = [asyncio.create_task(event.wait()) for event in (self._lost, self._renewed)]
            within = self.trunk.register_every_s + RENEWAL_GRACE_S
            done, rest = await asyncio.wait(news, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            if not done:
                return

    async def close(self) -> None:
        """Stop asking. The stack takes its registrations back by itself when it ends.

        Its own unregister() must not be used for that: with a silent registrar the request is still
        under way when the stack ends, which corrupts its memory (found by glibc's malloc checks).
        """
        for task in (self._keeper, self._pinging):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _addresses(address: str) -> frozenset[str]:
    """The addresses behind a host name; none when it cannot be resolved now."""
    host, _, _ = address.partition(":")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError:
        return frozenset()
    return frozenset(str(entry[4][0]) for entry in found)
