"""Thousands of rows in one go: the collector of reference cycles would look through all of them again and again."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_inside = 0
_lock = threading.Lock()


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection until the end; for steps whose size is bounded (measured: a fifth of the time of a list)."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(step: int) -> None:
    """Two threads may be inside: the last one out switches the light on."""
    global _inside
    with _lock:
        _inside += step
        (gc.disable if _inside else gc.enable)()
