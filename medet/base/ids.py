"""UUIDv7 (RFC 9562): the only identifier that appears in an address or leaves the installation."""

import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

# A tick is 1/4096 ms: the 48 bits of milliseconds and, below them, 12 bits of fraction (RFC 9562 §6.2, method 3).
TICKS_PER_MS = 4096
STEP_BACK = 1000 * TICKS_PER_MS
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_lock = threading.Lock()
_last = 0


def uuid7(now: datetime | None = None) -> UUID:
    """A new identifier; identifiers made one after another in one process sort in that order."""
    tick = _next(_ticks(now))
    milliseconds, fraction = divmod(tick, TICKS_PER_MS)
    value = milliseconds << 80 | 7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def _ticks(now: datetime | None) -> int:
    if now is None:
        return time.time_ns() * TICKS_PER_MS // 1_000_000
    return (now - EPOCH) // timedelta(microseconds=1) * TICKS_PER_MS // 1000


def _next(tick: int) -> int:
    """Counts on while the clock stands still or steps back a little; a time given from the past is kept."""
    global _last
    with _lock:
        if _last - STEP_BACK < tick <= _last:
            tick = _last + 1
        _last = tick
        return tick
