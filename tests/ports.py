"""UDP ports for the peers of tests, that nobody else takes between the choice and the use.

Below the ports the kernel hands out by itself (from 32768), and a block for each process of the suite: a port that
was merely free a moment ago was taken now and then by another process, and SIPp, which could not bind it, answered
nothing for as long as anybody waited.
"""

import os
import socket
from collections.abc import Iterator
from itertools import cycle

FIRST, LAST, BLOCK = 10_000, 20_000, 2_000
# SIPp takes four for its media: RTP and RTCP of sound, and of pictures.
STEP = 4
HOST = "127.0.0.1"


def _block() -> range:
    """The ports of this process of the suite; outside of it one by its number."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", f"gw{os.getpid()}").removeprefix("gw"))
    first = FIRST + process % ((LAST - FIRST) // BLOCK) * BLOCK
    return range(first, first + BLOCK, STEP)


_next: Iterator[int] = cycle(_block())


def _free(port: int) -> bool:
    """Nobody has this one or the three after it, for UDP; nor itself for TCP, which a SIP stack listens on too."""
    sockets = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_STREAM, *(socket.SOCK_DGRAM,) * STEP)]
    try:
        for place, one in enumerate(sockets):
            one.bind((HOST, port + max(0, place - 1)))
    except OSError:
        return False
    finally:
        for one in sockets:
            one.close()
    return True


def udp_ports(count: int) -> list[int]:
    """So many, each with three free ones behind it; none is given twice before the block is used up."""
    found: list[int] = []
    for _ in range(BLOCK // STEP):
        if len(found) == count:
            return found
        port = next(_next)
        if _free(port):
            found.append(port)
    raise AssertionError(f"no {count} free UDP ports among {_block()}")
