"""One conversation on one phone of the city: it is taken up, listens, and presses its keys."""

import asyncio
import time
import wave
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from medet.demo.phones.behaviours import Step
from medet.demo.phones.diary import Diary
from medet.demo.phones.ear import Ear, Prompts
from medet.engines.telephony import Leg, LegEnded

BETWEEN_KEYS_S = 0.12


class Phone:
    """A phone while it is in a call."""

    def __init__(
        self, leg: Leg, *, number: str, script: Sequence[Step], prompts: Prompts, diary: Diary, pause_s: float
    ) -> None:
        """`script`: what is pressed, by prompt."""
        self._leg, self.number, self._script, self._prompts = leg, number, list(script), prompts
        self._diary = diary
        self._ear = Ear(pause_s)
        self._asked = asyncio.Event()
        self._times: dict[str, int] = {}
        self._next = 0
        self.recording = bytearray()

    async def live(self, ring_s: float) -> None:
        """From the first ring to the end of the call."""
        await asyncio.sleep(ring_s)
        with suppress(LegEnded):  # whoever rang gave up meanwhile
            await self._leg.answer()
        if await self._leg.answered():
            self._note("answered")
            await self._talk()
        end = await self._leg.finished()
        self._note("ended", by=str(end.ended_by), talk_s=round(end.times.talk_s, 2))

    async def _talk(self) -> None:
        listening = asyncio.ensure_future(self._leg.record(self._hear))
        ended = asyncio.ensure_future(self._leg.finished())
        try:
            while not ended.done():
                asked = asyncio.ensure_future(self._asked.wait())
                await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
                if not ended.done():
                    await self._reply()
        except LegEnded:
            pass
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    def _hear(self, pcm: bytes) -> None:
        self.recording += pcm
        if self._ear.hear(pcm):
            self._asked.set()

    async def _reply(self) -> None:
        """Press what the script has for the question just heard; hang up where it has nothing."""
        self._asked.clear()
        step = self._step()
        self._ear.answered()
        if step is None:
            return
        time_heard = self._times.get(step.prompt, 0)
        self._times[step.prompt] = time_heard + 1
        keys = step.at(time_heard)
        if not keys:
            self._note("hangs_up")
            await self._leg.hangup()
        for key in keys:
            await self._press(key, step.prompt)

    def _step(self) -> Step | None:
        """The step of the prompt that was heard; None for no question of ours, such as a farewell."""
        following = self._script[self._next].prompt if self._next < len(self._script) else None
        known = self._prompts.recognise(self._ear.heard, following)
        place = next((at for at, step in enumerate(self._script) if step.prompt == known), None)
        if place is None:
            return None
        self._next = place + 1
        return self._script[place]

    async def _press(self, key: str, prompt: str) -> None:
        # Before the first RFC 4733 packet leaves (by one 20 ms frame at most): no delay measured from it is flattered.
        at = time.time()
        sending = asyncio.ensure_future(self._leg.send_keys(key))
        await asyncio.sleep(0)
        self._note("key", at=at, key=key, prompt=prompt)  # while it sounds: the robot may hang up at once
        await sending
        await asyncio.sleep(BETWEEN_KEYS_S)

    def _note(self, event: str, *, at: float | None = None, **more: object) -> None:
        self._diary.note(event, call=self._leg.id, number=self.number, at=at, **more)


def keep_recording(folder: Path, name: str, pcm: bytes) -> None:
    """What a phone heard, as a WAV file."""
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as recording:
        recording.setparams((1, 2, 8_000, 0, "NONE", ""))
        recording.writeframes(pcm)
