"""Even spacing of call attempts: a trunk's attempts a second, without bursts."""

import asyncio
import time
from types import TracebackType


class Pace:
    """One slot every 1/rate seconds. Slots not used are not saved up."""

    def __init__(self, per_second: float) -> None:
        """`per_second`: attempts a second, as the trunk's contract allows."""
        self._gap_s = 1.0 / per_second
        self._next = 0.0

    async def wait(self) -> None:
        """Return when the caller's slot has come, in the order of asking."""
        now = time.monotonic()
        slot = max(now, self._next)
        self._next = slot + self._gap_s
        if slot > now:
            await asyncio.sleep(slot - now)


class Turn:
    """One at a time, with a pause after each, so that others of the same queue come in between."""

    def __init__(self, pause_s: float) -> None:
        """`pause_s`: left free after each turn."""
        self._lock = asyncio.Lock()
        self._pause_s = pause_s

    async def __aenter__(self) -> None:
        """Wait for the turn."""
        await self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the turn on, after the pause."""
        asyncio.get_running_loop().call_later(self._pause_s, self._lock.release)
