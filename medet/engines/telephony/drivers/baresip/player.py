"""Feeding PCM to the stack so that a prompt is whole, and yet can be cut at once."""

import asyncio

from baresip.audio import CallAudio
from baresip.errors import AudioNotActive, AudioRestarted

from medet.engines.telephony.protocol import BYTES_PER_SECOND

# Fed ahead of the wire: above this a key would be followed by old words; below, a busy loop gaps.
AHEAD_BYTES = int(0.3 * BYTES_PER_SECOND)
STEP_S = 0.1


class Player:
    """One prompt on its way to one phone."""

    def __init__(self, audio: CallAudio, pcm: bytes) -> None:
        """`pcm` as in the protocol: 8 kHz, 16 bit, mono."""
        self._audio = audio
        self._pcm = pcm
        self._sent = 0
        self._queued = 0

    @property
    def heard_bytes(self) -> int:
        """What has left for the phone."""
        return max(0, self._sent - self._queued)

    async def run(self, cut: asyncio.Event) -> bool:
        """Feed to the end (True), or until `cut` is set (False: the queue is thrown away)."""
        while not self._feed():
            try:
                async with asyncio.timeout(self._nap()):
                    await cut.wait()
            except TimeoutError:
                continue
            self._flush()
            return False
        return True

    def _nap(self) -> float:
        left = len(self._pcm) - self._sent
        return STEP_S if left else min(STEP_S, self._queued / BYTES_PER_SECOND + 0.005)

    def _feed(self) -> bool:
        """Top up the stack's buffer; True when everything has left."""
        try:
            self._queued = self._audio.info().tx_buffered
            room = (AHEAD_BYTES - self._queued) & ~1
            if room > 0 and self._sent < len(self._pcm):
                written = self._audio.write(self._pcm[self._sent : self._sent + room])
                self._sent += written
                self._queued += written
        except AudioRestarted:
            # A re-INVITE replaced the streams and dropped what was queued: say it again.
            self._sent = max(0, self._sent - self._queued)
            self._queued = 0
            return False
        except AudioNotActive:
            return False
        return self._sent >= len(self._pcm) and self._queued == 0

    def _flush(self) -> None:
        try:
            self._queued = self._audio.info().tx_buffered
            self._audio.flush_tx()
        except (AudioNotActive, AudioRestarted):
            self._queued = 0
