"""The exchange: the one SIP address behind which all phones of the city are.

It notes every INVITE the moment it comes, answers for the phones that nobody takes up (with any SIP code, which the
embedded stack cannot send), and hands the other calls on to the phones that talk.
"""

import asyncio
from collections.abc import Mapping
from typing import cast

from medet.demo.phones import sip
from medet.demo.phones.behaviours import SILENT, Line
from medet.demo.phones.diary import Diary
from medet.demo.phones.sip import Message

Address = tuple[str, int]
RINGING = 180
NO_SUCH_NUMBER = 404


class Exchange(asyncio.DatagramProtocol):
    """A stateless proxy in front of the talking phones, and a user agent for the silent ones."""

    def __init__(self, lines: Mapping[str, Line], *, inner: Address, diary: Diary) -> None:
        """`inner`: where the phones that talk listen."""
        self.lines = lines
        self._inner = inner
        self._diary = diary
        self._callers: dict[str, Address] = {}
        self._numbers: dict[str, str] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._last: dict[str, bytes] = {}
        self._invites: dict[str, Message] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        # No isinstance: until Python 3.12 asyncio's own datagram transport is not of this class.
        self._transport = cast(asyncio.DatagramTransport, transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self._via = f"{host}:{port}"

    def number_of(self, call: str) -> str:
        """The number that was rung in a call."""
        return self._numbers.get(call, "")

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """One packet of SIP."""
        message = Message.read(data)
        if message is None:
            return
        if message.is_answer:
            if message.call in self._callers:
                self._transport.sendto(sip.backward(message), self._callers[message.call])
        elif message.method == "INVITE":
            self._invite(message, addr)
        elif message.call in self._callers and self._talks(message.call):
            self._hand_on(message)
        else:
            self._other(message, addr)

    # -- INVITE -----------------------------------------------------------------------------

    def _invite(self, request: Message, addr: Address) -> None:
        if request.call not in self._callers:
            self._first(request, addr)
        elif self._talks(request.call):
            self._hand_on(request)
        elif request.call in self._last:  # a repeat: our answer was lost
            self._transport.sendto(self._last[request.call], addr)

    def _first(self, request: Message, addr: Address) -> None:
        call, number = request.call, request.number
        line, caller = self.lines.get(number), request.get("from")
        self._diary.note(
            "invite",
            call=call,
            number=number,
            behaviour=str(line.behaviour) if line else "",
            caller=caller,
        )
        self._callers[call], self._numbers[call], self._invites[call] = addr, number, request
        if line is None:
            self._answer(call, NO_SUCH_NUMBER)
        elif line.behaviour in SILENT:
            self._ring(call, *SILENT[line.behaviour])
        else:
            self._hand_on(request)

    def _ring(self, call: str, after_s: float, code: int | None) -> None:
        """Ring for ever, for a while, or not at all before the code is sent."""
        if code is None or after_s:
            self._answer(call, RINGING)
        if code is not None:
            self._timers[call] = asyncio.get_running_loop().call_later(after_s, self._answer, call, code)

    def _answer(self, call: str, code: int) -> None:
        self._timers.pop(call, None)
        self._last[call] = sip.answer(self._invites[call], code, f"Contact: <sip:city@{self._via}>")
        self._transport.sendto(self._last[call], self._callers[call])
        self._diary.note("ringing" if code == RINGING else "refused", call=call, number=self._numbers[call], code=code)

    # -- the rest ---------------------------------------------------------------------------

    def _talks(self, call: str) -> bool:
        line = self.lines.get(self._numbers[call])
        return line is not None and line.behaviour not in SILENT

    def _hand_on(self, request: Message) -> None:
        self._transport.sendto(sip.onward(request, self._via), self._inner)

    def _other(self, request: Message, addr: Address) -> None:
        if request.method == "ACK":
            return
        known = request.call in self._callers
        if request.method == "CANCEL" and known:
            self._cancelled(request, addr)
        elif request.method == "REGISTER":  # anybody may; the expiry asked for is granted
            granted = (f"Contact: {request.get('contact')}", f"Expires: {request.get('expires') or '600'}")
            self._transport.sendto(sip.answer(request, 200, *granted), addr)
        else:
            code = 200 if request.method == "OPTIONS" or known else 481
            self._transport.sendto(sip.answer(request, code), addr)

    def _cancelled(self, request: Message, addr: Address) -> None:
        call = request.call
        self._transport.sendto(sip.answer(request, 200), addr)
        if timer := self._timers.pop(call, None):
            timer.cancel()
        if self._last.get(call, b"").startswith(b"SIP/2.0 180"):
            self._last[call] = sip.answer(self._invites[call], 487)
            self._transport.sendto(self._last[call], addr)
            self._diary.note("cancelled", call=call, number=self._numbers[call])
