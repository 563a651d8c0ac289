"""Is the trunk there? OPTIONS over a socket of our own (RFC 3261 §11), between and before calls.

The stack notices a dead registrar only at the next renewal and 32 s later. Any SIP answer counts,
a refusal too. Some companies drop OPTIONS: silence means something only from one that has answered.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable

from medet.engines.telephony.protocol import Trunk

# Answers missed in a row before the trunk is called silent.
MISSES = 2
WAIT_MOST_S = 4.0


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, heard: asyncio.Event) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if data.startswith(b"SIP/2.0 "):
            self._heard.set()

    def error_received(self, exc: Exception) -> None:
        """Port unreachable: the wait that follows ends without an answer."""


class Ping:
    """Asks one trunk for ever."""

    def __init__(self, trunk: Trunk, tell: Callable[[bool], None]) -> None:
        """`tell(True)`: it answers; `tell(False)`: it answered before and now does not."""
        self._trunk = trunk
        self._tell = tell
        host, _, port = trunk.address.partition(":")
        self._target = (host, int(port or 5060))

    async def run(self) -> None:
        """Until cancelled."""
        known, missed = False, 0
        while True:
            if await self._answers():
                known, missed = True, 0
                self._tell(True)
            else:
                missed += 1
                if known and missed >= MISSES:
                    self._tell(False)
            await asyncio.sleep(self._trunk.ping_every_s)

    async def _answers(self) -> bool:
        heard = asyncio.Event()
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(lambda: _Socket(heard), remote_addr=self._target)
        except OSError:
            return False
        try:
            transport.sendto(self._options(transport.get_extra_info("sockname")))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(WAIT_MOST_S, self._trunk.ping_every_s)):
                    await heard.wait()
            return heard.is_set()
        finally:
            transport.close()

    def _options(self, own: tuple[str, int]) -> bytes:
        trunk, token = self._trunk, secrets.token_hex(8)
        domain = trunk.realm or trunk.address
        return (
            f"OPTIONS sip:{domain} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {own[0]}:{own[1]};branch=z9hG4bK{token};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{trunk.user}@{domain}>;tag={token}\r\nTo: <sip:{domain}>\r\n"
            f"Call-ID: {token}@{own[0]}\r\nCSeq: 1 OPTIONS\r\nContact: <sip:{trunk.user}@{own[0]}:{own[1]}>\r\n"
            "Accept: application/sdp\r\nContent-Length: 0\r\n\r\n"
        ).encode()
