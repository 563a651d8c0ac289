"""A trunk with moods between the robot and the telephones: it relays SIP, refuses, or falls silent."""

import socket
import threading

BUFFER = 65_535
REFUSALS = {b"REGISTER ": "403 Forbidden", b"INVITE ": "503 Service Unavailable"}


class Trunk:
    """A UDP relay on the loopback. `mood` is ok, refuse (403 to REGISTER, 503 to INVITE) or silent."""

    def __init__(self, inner_port: int, mood: str = "ok") -> None:
        """`inner_port`: where the telephone network listens."""
        self.mood = mood
        self.invites = 0
        self._inner = ("127.0.0.1", inner_port)
        self._outside, self._inside = _socket(), _socket()
        self._robot = ("127.0.0.1", 0)
        self._over = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._from_robot, self._from_phones)]

    @property
    def port(self) -> int:
        """Where the robot sends to."""
        return int(self._outside.getsockname()[1])

    def __enter__(self) -> "Trunk":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._outside.close()
        self._inside.close()

    def _from_robot(self) -> None:
        while not self._over.is_set():
            packet, sender = _receive(self._outside)
            if not packet:
                continue
            self.invites += packet.startswith(b"INVITE ")
            refusal = next((status for start, status in REFUSALS.items() if packet.startswith(start)), "")
            if self.mood == "refuse" and refusal:
                self._outside.sendto(_answer(packet, refusal), sender)
            elif self.mood != "silent":
                # OPTIONS come from a socket of their own: answered here, so that the relay knows one robot only.
                if packet.startswith(b"OPTIONS "):
                    self._outside.sendto(_answer(packet, "200 OK"), sender)
                else:
                    self._robot = sender
                    self._inside.sendto(packet, self._inner)

    def _from_phones(self) -> None:
        while not self._over.is_set():
            packet, _ = _receive(self._inside)
            if packet and self.mood != "silent":
                self._outside.sendto(packet, self._robot)


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(0.1)
    return made


def _receive(end: socket.socket) -> tuple[bytes, tuple[str, int]]:
    try:
        packet, sender = end.recvfrom(BUFFER)
    except (TimeoutError, ConnectionRefusedError):
        return b"", ("", 0)
    return packet, sender


def _answer(packet: bytes, status: str) -> bytes:
    """An answer with the headers that RFC 3261 §8.2.6 copies."""
    copied = ("via:", "from:", "to:", "call-id:", "cseq:")
    lines = packet.decode(errors="replace").split("\r\n\r\n")[0].split("\r\n")[1:]
    kept = [line for line in lines if line.lower().startswith(copied)]
    return "\r\n".join([f"SIP/2.0 {status}", *kept, "Content-Length: 0", "", ""]).encode()
