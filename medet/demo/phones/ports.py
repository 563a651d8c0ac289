"""Free ports for SIP and RTP on the loopback."""

import random
import socket

HOST = "127.0.0.1"
OURS = (10_000, 32_000)


def is_free(port: int, kind: socket.SocketKind) -> bool:
    """Whether nobody has the port now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_sip_port() -> int:
    """Free for UDP and TCP: the stack listens on both. Below the ports that the system itself gives out, so that
    nobody is given it before the stack takes it."""
    while True:
        port = random.randrange(*OURS)  # noqa: S311 -- a port is no secret
        if is_free(port, socket.SOCK_DGRAM) and is_free(port, socket.SOCK_STREAM):
            return port


def free_range(size: int) -> int:
    """The first port of a block in which every even port is free."""
    blocks = list(range(OURS[0], OURS[1] - size, size))
    random.shuffle(blocks)
    for first in blocks:
        if all(is_free(port, socket.SOCK_DGRAM) for port in range(first, first + size, 2)):
            return first
    raise OSError(f"no {size} free UDP ports in a row between 10000 and 32000")
