"""The shapes every telephony driver speaks.

Units: seconds everywhere; PCM is signed 16-bit little-endian mono at 8 000 Hz.
Times are `time.monotonic()` of the engine's process: the face that writes rows converts them,
so that an engine never needs to know which clock the house goes by.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from medet.engines.telephony.outcomes import EndedBy, Outcome

SAMPLE_RATE = 8_000
BYTES_PER_SECOND = SAMPLE_RATE * 2
# Measured for the embedded driver: above 25-40 teardowns a second calls begin to time out.
MAX_ATTEMPTS_PER_S = 20.0


_ADDRESS = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True)
class Trunk:
    """One contract with a telephone company.

    `register=False` means the company knows us by our address. `password` answers digest
    challenges in both cases. Numbers outside `allowed_prefixes` are refused before any packet.
    """

    address: str  # host:port
    user: str
    password: str = ""
    register: bool = False
    name: str = "main"
    auth_user: str | None = None  # digest user name, where it differs from `user`
    realm: str | None = None  # SIP domain, where it differs from the address
    caller_id: str = ""  # E.164; empty: the trunk's own
    allowed_prefixes: tuple[str, ...] = ("+7",)
    max_channels: int = 30
    attempts_per_s: float = 5.0
    register_every_s: int = 600
    ping_every_s: float = 15.0  # OPTIONS; 0: never
    inbound_from: tuple[str, ...] = ()  # addresses whose calls we take; empty: the trunk's own

    def __post_init__(self) -> None:
        """Refuse values the network would punish."""
        if not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"a trunk's address is host:port, not {self.address!r}")
        if not 0 < self.attempts_per_s <= MAX_ATTEMPTS_PER_S:
            raise ValueError(f"attempts_per_s must be above 0 and at most {MAX_ATTEMPTS_PER_S:g}")
        if self.max_channels < 1:
            raise ValueError("max_channels must be at least 1")
        if not self.allowed_prefixes:
            raise ValueError("allowed_prefixes must name at least one prefix")


@dataclass(frozen=True)
class Network:
    """Where the engine itself listens. `interface` is an address or interface name, needed for loopback."""

    sip_port: int
    rtp_first: int
    rtp_last: int
    host: str = "0.0.0.0"  # noqa: S104 -- the firewall decides; a trunk must be able to reach us
    interface: str | None = None


@dataclass(frozen=True)
class CallSpec:
    """One call to place. `idempotency_key` is claimed by the caller in its store before it gets here."""

    to: str  # E.164
    idempotency_key: str
    ring_timeout_s: float = 30.0
    caller_id: str | None = None  # None: the trunk's
    language: str = ""  # for logs only
    trunk: str = ""  # empty: the first
    until: float | None = None  # monotonic; an INVITE that has not left by then does not leave (TooLate)


@dataclass(frozen=True)
class Times:
    """Monotonic seconds of one call; None: did not happen."""

    invited: float
    rang: float | None = None
    answered: float | None = None
    ended: float | None = None

    @property
    def talk_s(self) -> float:
        """From the answer to the end."""
        return (self.ended - self.answered) if self.answered and self.ended else 0.0


@dataclass(frozen=True)
class Quality:
    """Media figures of a finished call, from RTP and RTCP."""

    packets_in: int = 0
    packets_out: int = 0
    lost_in: int = 0
    lost_out: int = 0
    jitter_in_ms: float = 0.0
    rtt_ms: float = 0.0
    starved_frames: int = 0  # frames we sent half empty because we fed too slowly


@dataclass(frozen=True)
class LegEnd:
    """The end of one call, whole."""

    outcome: Outcome
    sip_code: int | None
    reason: str
    ended_by: EndedBy
    times: Times
    quality: Quality = Quality()


class LegEventKind(StrEnum):
    """What can happen on a leg."""

    RINGING = "ringing"
    EARLY_MEDIA = "early_media"
    ANSWERED = "answered"
    KEY = "key"
    HELD = "held"
    RESUMED = "resumed"
    ENDED = "ended"


@dataclass(frozen=True)
class LegEvent:
    """One thing that happened; `value` is the key for KEY and the outcome for ENDED."""

    kind: LegEventKind
    at: float
    value: str = ""


@dataclass(frozen=True)
class Key:
    """One key of the far phone. `at`: when its first packet reached our loop."""

    digit: str
    at: float


@dataclass(frozen=True)
class PlayResult:
    """How far a prompt came. `key` is the key that cut it, if one did."""

    finished: bool
    heard_s: float
    key: Key | None = None


class CollectEnd(StrEnum):
    """Why collecting stopped."""

    COMPLETE = "complete"
    TERMINATOR = "terminator"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class Digits:
    """Keys collected, without the terminator."""

    keys: tuple[Key, ...]
    ended: CollectEnd

    @property
    def text(self) -> str:
        """The keys as one string; empty when nothing was pressed."""
        return "".join(key.digit for key in self.keys)

    @property
    def first_at(self) -> float | None:
        """When the first key's first packet arrived."""
        return self.keys[0].at if self.keys else None


class Leg(Protocol):
    """One call, either direction. `play` and `collect` raise LegEnded when the call ends under them."""

    @property
    def id(self) -> str:
        """The SIP Call-ID when known: the key to every other log."""

    @property
    def peer(self) -> str:
        """The far number: E.164 when the network gave one."""

    @property
    def end(self) -> LegEnd | None:
        """None while the call lives."""

    @property
    def times(self) -> Times:
        """What has happened so far."""

    async def answered(self) -> bool:
        """Wait: True when answered, False when it ended first."""

    async def answer(self) -> None:
        """Take an inbound call."""

    async def play(self, pcm: bytes, *, barge_in: bool = True) -> PlayResult:
        """Play to the end, or with `barge_in` to the first key. Keys from before the prompt are forgotten."""

    async def collect(
        self,
        n: int = 1,
        *,
        timeout_s: float = 7.0,
        inter_digit_s: float = 3.0,
        term: str = "#",
        prompt: bytes | None = None,
    ) -> Digits:
        """Up to `n` keys. `timeout_s` runs to the first key, from the prompt's end when there is one."""

    async def record(self, sink: Callable[[bytes], None]) -> None:
        """Hand every received PCM block to `sink` until cancelled or the call ends."""

    async def send_keys(self, digits: str) -> None:
        """Press keys ourselves (RFC 4733)."""

    async def hangup(self) -> LegEnd:
        """CANCEL or BYE, whichever fits; harmless when already ended."""

    async def finished(self) -> LegEnd:
        """Wait for the end."""

    def events(self) -> AsyncIterator[LegEvent]:
        """Everything from the leg's birth on, ending with ENDED."""


@dataclass(frozen=True)
class Capacity:
    """Room on one trunk. `free` is 0 while it is down or the engine drains."""

    live: int
    free: int
    attempts_per_s: float


class TrunkState(StrEnum):
    """What we know of a trunk."""

    OK = "ok"
    REGISTERING = "registering"
    REFUSED = "refused"  # the registrar answers and says no
    SILENT = "silent"  # nothing answers


@dataclass(frozen=True)
class TrunkHealth:
    """State of one trunk since a monotonic time."""

    name: str
    state: TrunkState
    since: float
    sip_code: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Health:
    """State of the whole engine. `alive=False` can only be cured by a new process."""

    alive: bool
    live_calls: int
    trunks: tuple[TrunkHealth, ...]


class Engine(Protocol):
    """A telephony driver in operation."""

    async def originate(self, spec: CallSpec) -> Leg:
        """Place a call; returns as soon as the INVITE has left. Raises CallRefused before any packet."""

    def on_inbound(self, take: Callable[[Leg], None]) -> None:
        """Hand every inbound call to `take`, which answers or hangs up in a task of its own."""

    def capacity(self, trunk: str = "") -> Capacity:
        """Room for new calls now."""

    def health(self) -> Health:
        """For the supervisor, the screen and the alarm."""

    async def drain(self, timeout_s: float) -> bool:
        """Take no new calls; True when the live ones ended within the time."""

    async def close(self) -> None:
        """Hang up what is left and stop."""
