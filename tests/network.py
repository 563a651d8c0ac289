"""Keeps tests from talking to anybody outside this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GUARDED = ("connect", "connect_ex", "sendto")


def is_local(family: int, address: Any) -> bool:
    """Only internet addresses can lead outside."""
    if family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return True
    if address[0] in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


def guard(name: str) -> Any:
    """The method with a check before it; the address is always the last argument."""
    real = getattr(socket.socket, name)

    def checked(self: socket.socket, *args: Any) -> Any:
        if args and not is_local(self.family, args[-1]):
            raise AssertionError(f"A test tried to reach {args[-1]}: only the loopback is open.")
        return real(self, *args)

    return checked


@contextmanager
def loopback_only() -> Iterator[None]:
    """Replace the methods for a while."""
    real = {name: getattr(socket.socket, name) for name in GUARDED}
    for name in GUARDED:
        setattr(socket.socket, name, guard(name))
    try:
        yield
    finally:
        for name, method in real.items():
            setattr(socket.socket, name, method)
