"""What a script may do with one call over the baresip stack."""

import asyncio
import time
from collections.abc import Callable

from baresip.errors import AudioNotActive, AudioRestarted, BaresipError

from medet.engines.telephony.drivers.baresip.life import LegLife
from medet.engines.telephony.drivers.baresip.player import Player
from medet.engines.telephony.protocol import (
    BYTES_PER_SECOND,
    SAMPLE_RATE,
    CollectEnd,
    Digits,
    Key,
    PlayResult,
)

# A key within this time of a prompt's first word answers the question before it (a double press),
# never this one: nobody has heard it yet.
SETTLE_S = 0.25
# A first word is spoken no earlier than this after the answer.
LEAD_S = 0.4
# Follows every prompt: without it a hang-up cuts what the far jitter buffer still holds (100 ms measured).
TAIL = bytes(int(0.16 * BYTES_PER_SECOND))
READ_STEP_S = 0.02


class BaresipLeg(LegLife):
    """A Leg; see the protocol."""

    async def answer(self) -> None:
        """Take an inbound call."""
        self._live()
        try:
            await self.call.answer()
        except BaresipError:
            await self.hangup()

    async def play(self, pcm: bytes, *, barge_in: bool = True) -> PlayResult:
        """Play to the end, or with `barge_in` to the first key."""
        self._live()
        self._pad.forget(deaf_s=SETTLE_S)
        lead = self._silence_before()
        player = Player(self.call.audio, lead + pcm + TAIL)
        finished = await self._run(player, barge_in=barge_in)
        self._live()
        heard_s = (player.heard_bytes - len(lead)) / BYTES_PER_SECOND
        whole_s = len(pcm) / BYTES_PER_SECOND
        return PlayResult(finished, min(max(heard_s, 0.0), whole_s), None if finished else self._pad.first)

    async def _run(self, player: Player, *, barge_in: bool) -> bool:
        """A key cuts only with `barge_in`; the end of the call always does."""
        stop = asyncio.Event()
        self._cut = stop if barge_in else None
        ended = asyncio.create_task(self._over.wait())
        ended.add_done_callback(lambda _: stop.set())
        try:
            return await player.run(stop)
        finally:
            self._cut = None
            ended.cancel()

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
                block = self.call.audio.read(1 << 15)
            except (AudioNotActive, AudioRestarted):
                block = b""
            if block:
                sink(block)
            await asyncio.sleep(READ_STEP_S)

    async def send_keys(self, digits: str) -> None:
        """Press keys ourselves (RFC 4733)."""
        self._live()
        try:
            await self.call.send_dtmf(digits)
        except BaresipError:
            self._live()
            raise
