"""Free ports on the loopback, for TCP and UDP alike: SIP uses both under one number."""

import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


def is_free(port: int) -> bool:
    """Whether a server could listen there now; asked by listening, as the server will."""
    return all(can_bind(kind, port) for kind in KINDS)


def can_bind(kind: int, port: int) -> bool:
    """Try it and let go at once."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # As PostgreSQL and the web server do: a port whose last connections are only ebbing away is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            if kind == socket.SOCK_STREAM:
                probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def free_port(preferred: int = 0, *, taken: Collection[str] = ()) -> int:
    """The preferred port if it is free, else any free one that is not among the taken."""
    if preferred and str(preferred) not in taken and is_free(preferred):
        return preferred
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
        if str(port) not in taken and is_free(port):
            return port
