"""The called phone's ear: RTP of many calls on one socket, put together by timestamp (RFC 3550, G.711 A-law).

A phone's own jitter buffer slips when the test machine is busy; packets and their timestamps do not.
"""

import re
import socket
import struct
import threading
import time

import numpy as np
from numpy.typing import NDArray

A_LAW = 8
QUIET = 0xD5  # A-law of zero


def _a_law_table() -> NDArray[np.int16]:
    """ITU-T G.711: 8 bits to 16."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.int16)


TABLE = _a_law_table()


class Recorder:
    """Listens from birth on."""

    def __init__(self) -> None:
        """Take a free port."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self.last_sound = 0.0  # when the last packet came that was not silence
        self._packets: dict[int, dict[int, bytes]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                packet = self._socket.recv(2_000)
            except TimeoutError:
                continue
            _, kind, _, stamp, source = struct.unpack("!BBHII", packet[:12])
            if kind & 0x7F == A_LAW:
                if len(set(packet[12:])) > 1:
                    self.last_sound = time.monotonic()
                self._packets.setdefault(source, {})[stamp] = packet[12:]

    def heard(self, source: int) -> bytes:
        """The 16-bit PCM of one RTP source; silence where nothing came."""
        packets = self._packets.get(source, {})
        if not packets:
            return b""
        first = min(packets)
        coded = np.full(max(packets) - first + 160, QUIET, dtype=np.uint8)
        for stamp, payload in packets.items():
            coded[stamp - first : stamp - first + len(payload)] = np.frombuffer(payload, np.uint8)
        return TABLE[coded].astype("<i2").tobytes()

    def close(self) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()
        self._socket.close()


def sources(wire: str) -> dict[str, int]:
    """The number shown -> RTP source, from the INVITEs in SIPp's log."""
    found: dict[str, int] = {}
    for message in re.split(r"^-{20,}", wire, flags=re.MULTILINE):
        shown = re.search(r"^P-Asserted-Identity: <sip:([^@]+)@", message, re.MULTILINE)
        source = re.search(r"^a=ssrc:(\d+)", message, re.MULTILINE)
        if shown and source:
            found[shown[1]] = int(source[1])
    return found
