"""Keys pressed on the far phone, in order, until somebody takes them."""

import asyncio
import time
from collections import deque

from medet.engines.telephony.protocol import Key

# No hand presses one key twice within this time: it is one press, told twice
# (gateways exist that send RFC 4733 and SIP INFO for the same press).
BOUNCE_S = 0.1


class KeyPad:
    """A queue of keys with one taker."""

    def __init__(self) -> None:
        """Start empty and listening."""
        self._waiting: deque[Key] = deque()
        self._news = asyncio.Event()
        self._last: Key | None = None
        self._deaf_until = 0.0

    def press(self, digit: str, at: float) -> Key | None:
        """A key arrived; None when it is the echo of the last one or came before its question."""
        last, key = self._last, Key(digit, at)
        self._last = key
        if last is not None and last.digit == digit and at - last.at < BOUNCE_S:
            return None
        if at < self._deaf_until:
            return None
        self._waiting.append(key)
        self._news.set()
        return key

    def forget(self, *, deaf_s: float = 0.0) -> None:
        """Drop what nobody took, and hear nothing for `deaf_s`."""
        self._waiting.clear()
        self._deaf_until = time.monotonic() + deaf_s

    @property
    def first(self) -> Key | None:
        """The oldest key nobody took."""
        return self._waiting[0] if self._waiting else None

    def wake(self) -> None:
        """Let the taker look again: the call has ended."""
        self._news.set()

    async def take(self, timeout_s: float) -> Key | None:
        """The next key; None after `timeout_s`, or when woken without a key."""
        if not self._waiting:
            self._news.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._news.wait()
            except TimeoutError:
                return None
        return self._waiting.popleft() if self._waiting else None
