"""One call over the baresip stack."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from baresip.call import Call
from baresip.errors import AudioNotActive, AudioRestarted, BaresipError
from baresip.events import Event, StackEvent

from medet.engines.telephony.drivers.baresip.ending import OwnAct, end_of, quality_of
from medet.engines.telephony.drivers.baresip.player import Player
from medet.engines.telephony.keypad import KeyPad
from medet.engines.telephony.pacing import Turn
from medet.engines.telephony.protocol import (
    BYTES_PER_SECOND,
    SAMPLE_RATE,
    CollectEnd,
    Digits,
    Key,
    LegEnd,
    LegEvent,
    LegEventKind,
    PlayResult,
    Quality,
    Times,
)
from medet.engines.telephony.refusals import LegEnded

# A key within this time of a prompt's first word answers the question before it (a double press),
# never this one: nobody has heard it yet.
SETTLE_S = 0.25
# The stack reports the end of a call we hung up at once; this is for a stack that does not.
CLOSE_WAIT_S = 3.0
# A first word is spoken no earlier than this after the answer.
LEAD_S = 0.4
# Follows every prompt: without it a hang-up cuts what the far jitter buffer still holds (100 ms measured).
TAIL = bytes(int(0.16 * BYTES_PER_SECOND))
# Timer B of RFC 3261 (64 x 500 ms) and a little: an INVITE nobody answered is dead after it.
INVITE_LIFE_S = 33.0
READ_STEP_S = 0.02


class BaresipLeg:
    """A Leg (see the protocol). Its life is told by `hear`, called by the dispatcher only."""

    def __init__(
        self, call: Call, *, peer: str, outbound: bool, turn: Turn, on_end: Callable[["BaresipLeg"], None]
    ) -> None:
        """`turn` spaces out hang-ups over the whole engine; `on_end` frees the channel."""
        self.peer = peer
        self.end: LegEnd | None = None
        self.times = Times(invited=time.monotonic())
        self._call = call
        self._turn = turn
        self._on_end = on_end
        self._own = OwnAct()
        self._pad = KeyPad()
        self._log: list[LegEvent] = []
        self._news = asyncio.Event()
        self._settled = asyncio.Event()  # answered or ended
        self._over = asyncio.Event()
        self._heard = asyncio.Event()  # somebody answered the INVITE, with whatever code
        if not outbound:
            self._heard.set()
        self._cut: asyncio.Event | None = None
        self._bargein = False
        self._ring_timer: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The SIP Call-ID; the stack's handle until it is known."""
        return self._call.call_id or f"call-{self._call.handle}"

    @property
    def call(self) -> Call:
        """The stack's call, for the engine only."""
        return self._call

    # -- life, told by the stack ------------------------------------------------------------

    def hear(self, event: StackEvent) -> None:
        """Take one stack event of this call."""
        if self._call.call_id is None and event.call_id:
            self._call.call_id = event.call_id
        handler = self._HANDLERS.get(event.event)
        if handler is not None and self.end is None:
            handler(self, event)

    def _ringing(self, event: StackEvent) -> None:
        self._rang(LegEventKind.RINGING)

    def _progress(self, event: StackEvent) -> None:
        self._rang(LegEventKind.EARLY_MEDIA)

    def heard(self) -> None:
        """The INVITE has got some answer, so that it may be taken back."""
        self._heard.set()

    def _rang(self, kind: LegEventKind) -> None:
        self._heard.set()
        if self.times.rang is None:
            self.times = replace(self.times, rang=time.monotonic())
        self._tell(kind)

    def _established(self, event: StackEvent) -> None:
        self._heard.set()
        # A 200 that crosses our own CANCEL: the stack sends ACK and BYE, nobody is there to talk.
        if self._own.hung_up or self.times.answered is not None:
            return
        self.times = replace(self.times, answered=time.monotonic())
        self._stop_ring_timer()
        self._tell(LegEventKind.ANSWERED)
        self._settled.set()

    def _held(self, event: StackEvent) -> None:
        self._tell(LegEventKind.HELD)

    def _resumed(self, event: StackEvent) -> None:
        self._tell(LegEventKind.RESUMED)

    def _key(self, event: StackEvent) -> None:
        key = self._pad.press(event.text or "", time.monotonic()) if event.text else None
        if key is None:
            return
        self._tell(LegEventKind.KEY, key.digit)
        if self._bargein and self._cut is not None:
            self._cut.set()

    def _closed(self, event: StackEvent) -> None:
        self.finish(event.text or "", quality_of(event.stats))

    def finish(self, text: str, quality: Quality | None = None) -> None:
        """Close the leg with the stack's words (or the engine's, when the stack is gone)."""
        if self.end is not None:
            return
        now = time.monotonic()
        self.end = end_of(text, times=self.times, own=self._own, quality=quality or Quality(), ended=now)
        self.times = self.end.times
        self._stop_ring_timer()
        self._tell(LegEventKind.ENDED, self.end.outcome)
        for gate in (self._settled, self._over, self._heard):
            gate.set()
        self._pad.wake()
        if self._cut is not None:
            self._cut.set()
        self._on_end(self)

    _HANDLERS = {  # noqa: RUF012 -- a constant table of methods
        Event.CALL_RINGING: _ringing,
        Event.CALL_PROGRESS: _progress,
        Event.CALL_ESTABLISHED: _established,
        Event.CALL_HOLD: _held,
        Event.CALL_RESUME: _resumed,
        # At the first packet of a key, not at its release: 40-200 ms earlier.
        Event.CALL_DTMF_START: _key,
        Event.CALL_CLOSED: _closed,
    }

    def _tell(self, kind: LegEventKind, value: str = "") -> None:
        self._log.append(LegEvent(kind, time.monotonic(), value))
        self._news.set()

    # -- ringing ----------------------------------------------------------------------------

    def ring_for(self, seconds: float) -> None:
        """Take the call back after so long without an answer (the stack's own timer is 32 s or none)."""
        if self.end is None and self.times.answered is None:
            self._ring_timer = asyncio.create_task(self._ring_out(seconds))

    async def _ring_out(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._until_heard()
        async with self._turn:
            if self.end is not None or self.times.answered is not None:
                return
            self._own.timed_out = True
            self._ring_timer = None
            await self._send_hangup()

    async def _until_heard(self) -> None:
        """Hold a CANCEL back while nothing has answered the INVITE: see wire.py."""
        left = self.times.invited + INVITE_LIFE_S - time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, left)):
                await self._heard.wait()

    def _stop_ring_timer(self) -> None:
        if self._ring_timer is not None:
            self._ring_timer.cancel()
            self._ring_timer = None

    # -- what a script may do ---------------------------------------------------------------

    async def answered(self) -> bool:
        """Wait: True when answered, False when it ended first."""
        await self._settled.wait()
        return self.times.answered is not None

    async def answer(self) -> None:
        """Take an inbound call."""
        self._live()
        try:
            await self._call.answer()
        except BaresipError:
            await self.hangup()

    async def play(self, pcm: bytes, *, barge_in: bool = True) -> PlayResult:
        """Play to the end, or with `barge_in` to the first key."""
        self._live()
        self._pad.forget(deaf_s=SETTLE_S)
        lead = self._silence_before()
        player = Player(self._call.audio, lead + pcm + TAIL)
        self._cut, self._bargein = asyncio.Event(), barge_in
        try:
            finished = await player.run(self._cut)
        finally:
            self._cut = None
        self._live()
        heard_s = (player.heard_bytes - len(lead)) / BYTES_PER_SECOND
        whole_s = len(pcm) / BYTES_PER_SECOND
        return PlayResult(finished, min(max(heard_s, 0.0), whole_s), None if finished else self._pad.first)

    def _silence_before(self) -> bytes:
        """The first 100 ms after an answer reach nobody (measured), and the phone has yet to reach the ear."""
        left_s = (self.times.answered or 0.0) + LEAD_S - time.monotonic()
        return bytes(2 * int(max(0.0, left_s) * SAMPLE_RATE))

    async def collect(
        self,
        n: int = 1,
        *,
        timeout_s: float = 7.0,
        inter_digit_s: float = 3.0,
        term: str = "#",
        prompt: bytes | None = None,
    ) -> Digits:
        """Up to `n` keys; see the protocol."""
        if prompt is not None:
            await self.play(prompt)
        keys: list[Key] = []
        while len(keys) < n:
            self._live()
            key = await self._pad.take(inter_digit_s if keys else timeout_s)
            self._live()
            if key is None:
                return Digits(tuple(keys), CollectEnd.TIMEOUT)
            if key.digit in term:
                return Digits(tuple(keys), CollectEnd.TERMINATOR)
            keys.append(key)
        return Digits(tuple(keys), CollectEnd.COMPLETE)

    async def record(self, sink: Callable[[bytes], None]) -> None:
        """Hand every received PCM block to `sink` until cancelled or the call ends."""
        while self.end is None:
            try:
                block = self._call.audio.read(1 << 15)
            except (AudioNotActive, AudioRestarted):
                block = b""
            if block:
                sink(block)
            await asyncio.sleep(READ_STEP_S)

    async def send_keys(self, digits: str) -> None:
        """Press keys ourselves (RFC 4733)."""
        self._live()
        try:
            await self._call.send_dtmf(digits)
        except BaresipError:
            self._live()
            raise

    async def hangup(self) -> LegEnd:
        """CANCEL or BYE, whichever fits; harmless when already ended."""
        if self.end is None and not self._own.hung_up:
            self._own.hung_up = True
            await self._until_heard()
            async with self._turn:
                await self._send_hangup()
        return await self.finished()

    async def _send_hangup(self) -> None:
        if self.end is not None:
            return
        try:
            await self._call.hangup()
            async with asyncio.timeout(CLOSE_WAIT_S):
                await self._over.wait()
        except (BaresipError, TimeoutError) as error:
            self.finish(str(error))

    async def finished(self) -> LegEnd:
        """Wait for the end."""
        await self._over.wait()
        assert self.end is not None
        return self.end

    async def events(self) -> AsyncIterator[LegEvent]:
        """Everything from the leg's birth on, ending with ENDED."""
        seen = 0
        while True:
            while seen < len(self._log):
                event = self._log[seen]
                seen += 1
                yield event
                if event.kind is LegEventKind.ENDED:
                    return
            self._news.clear()
            await self._news.wait()

    def _live(self) -> None:
        if self.end is not None:
            raise LegEnded(self.end)
