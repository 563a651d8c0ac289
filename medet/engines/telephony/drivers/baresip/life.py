"""The life of one call: what the stack tells of it, its ring timer, and its end."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from baresip.call import Call
from baresip.errors import BaresipError
from baresip.events import Event, StackEvent

from medet.engines.telephony.drivers.baresip.ending import OwnAct, end_of, quality_of
from medet.engines.telephony.keypad import KeyPad
from medet.engines.telephony.pacing import Turn
from medet.engines.telephony.protocol import LegEnd, LegEvent, LegEventKind, Quality, Times
from medet.engines.telephony.refusals import LegEnded

# The stack reports the end of a call we hung up at once; this is for a stack that does not.
CLOSE_WAIT_S = 3.0
# Timer B of RFC 3261 (64 x 500 ms) and a little: an INVITE nobody answered is dead after it.
INVITE_LIFE_S = 33.0

RINGS = {Event.CALL_RINGING: LegEventKind.RINGING, Event.CALL_PROGRESS: LegEventKind.EARLY_MEDIA}
HOLDS = {Event.CALL_HOLD: LegEventKind.HELD, Event.CALL_RESUME: LegEventKind.RESUMED}


class LegLife:
    """From the INVITE to the end. `hear` is called by the dispatcher only."""

    def __init__(
        self, call: Call, *, peer: str, outbound: bool, turn: Turn, on_end: Callable[["LegLife"], None]
    ) -> None:
        """`turn` spaces out hang-ups over the whole engine; `on_end` frees the channel."""
        self.peer = peer
        self.end: LegEnd | None = None
        self.times = Times(invited=time.monotonic())
        self.call = call
        self._turn = turn
        self._on_end = on_end
        self._own = OwnAct()
        self._pad = KeyPad()
        self._cut: asyncio.Event | None = None  # a prompt that a key may cut is playing
        self._log: list[LegEvent] = []
        self._news = asyncio.Event()
        self._settled = asyncio.Event()  # answered or ended
        self._over = asyncio.Event()
        self._heard = asyncio.Event()  # somebody answered the INVITE, with whatever code
        if not outbound:
            self._heard.set()
        self._ring_timer: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The SIP Call-ID; the stack's handle until it is known."""
        return self.call.call_id or f"call-{self.call.handle}"

    # -- told by the stack ------------------------------------------------------------------

    def hear(self, event: StackEvent) -> None:
        """Take one stack event of this call."""
        if self.call.call_id is None and event.call_id:
            self.call.call_id = event.call_id
        if self.end is not None:
            return
        if event.event in RINGS:
            self._rang(RINGS[event.event])
        elif event.event in HOLDS:
            self._tell(HOLDS[event.event])
        elif event.event is Event.CALL_ESTABLISHED:
            self._established()
        elif event.event is Event.CALL_DTMF_START and event.text:
            # At the first packet of a key, not at its release: 40-200 ms earlier.
            self.press(event.text)
        elif event.event is Event.CALL_CLOSED:
            self.finish(event.text or "", quality_of(event.stats))

    def heard(self) -> None:
        """The INVITE has got some answer, so that it may be taken back."""
        self._heard.set()

    def _rang(self, kind: LegEventKind) -> None:
        self._heard.set()
        if self.times.rang is None:
            self.times = replace(self.times, rang=time.monotonic())
        self._tell(kind)

    def _established(self) -> None:
        self._heard.set()
        # A 200 that crosses our own CANCEL: the stack sends ACK and BYE, nobody is there to talk.
        if self._own.acted or self.times.answered is not None:
            return
        self.times = replace(self.times, answered=time.monotonic())
        self._stop_ring_timer()
        self._tell(LegEventKind.ANSWERED)
        self._settled.set()

    def press(self, digit: str) -> None:
        """A key of the far phone."""
        key = self._pad.press(digit, time.monotonic())
        if key is None:
            return
        self._tell(LegEventKind.KEY, key.digit)
        if self._cut is not None:
            self._cut.set()

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
        self._on_end(self)

    def _tell(self, kind: LegEventKind, value: str = "") -> None:
        self._log.append(LegEvent(kind, time.monotonic(), value))
        self._news.set()

    # -- ringing and the end ----------------------------------------------------------------

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

    async def hangup(self) -> LegEnd:
        """CANCEL or BYE, whichever fits; harmless when already ended."""
        if self.end is None and not self._own.acted:
            self._own.hung_up = True
            await self._until_heard()
            async with self._turn:
                await self._send_hangup()
        return await self.finished()

    async def _send_hangup(self) -> None:
        if self.end is not None:
            return
        try:
            await self.call.hangup()
            async with asyncio.timeout(CLOSE_WAIT_S):
                await self._over.wait()
        except (BaresipError, TimeoutError) as error:
            self.finish(str(error))

    async def answered(self) -> bool:
        """Wait: True when answered, False when it ended first."""
        await self._settled.wait()
        return self.times.answered is not None

    async def finished(self) -> LegEnd:
        """Wait for the end."""
        await self._over.wait()
        return self._ended()

    def _ended(self) -> LegEnd:
        assert self.end is not None
        return self.end

    def _live(self) -> None:
        """Stop a script whose call is over."""
        if self.end is not None:
            raise LegEnded(self.end)

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
