"""What the stack's SIP trace tells and its events do not: that a call was heard at all.

The stack forgets an INVITE that is taken back before any answer came: no CANCEL follows when the
trunk speaks at last, and the patient's phone rings for nobody (RFC 3261 §9.1 wants the CANCEL held
back, not dropped). So a leg is only taken back once somebody answered, and "100 Trying", which no
event reports, is somebody. And no event tells from which address a call comes in, or of a key in a
SIP INFO whose form the stack does not know (it answers 488 or 400 by itself).
The trace stays in here: it carries telephone numbers.
"""

import asyncio
import contextlib
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from baresip.runtime import Runtime

T = TypeVar("T")

# Any answer to an INVITE that came in, and its Call-ID.
_ANSWER = re.compile(
    r"^RX [^\n]*\nSIP/2\.0 \d{3}(?=.*^CSeq:\s*\d+ INVITE\b).*^Call-ID:\s*(\S+)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
# An INVITE that came in: the address it came from, and its Call-ID.
_CALLED = re.compile(
    r"^RX \w+ (\S+):\d+ -> [^\n]*\nINVITE .*?^Call-ID:\s*(\S+)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
# A key in an INFO that the stack refuses: application/dtmf, or application/dtmf-relay without a duration.
_PRESSED = re.compile(
    r"^RX [^\n]*\nINFO (?=.*?^Call-ID:\s*(\S+)).*?^Content-Type:\s*application/dtmf(-relay)?\s*$.*?\r?\n\r?\n(.*)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_SIGNAL = re.compile(r"^\s*(?:Signal\s*=\s*)?([0-9A-D*#])\s*$", re.IGNORECASE)
# The trace comes by another thread than the event it belongs to.
SOURCE_WAIT_S = 2.0
_LOGGER = logging.getLogger("baresip.native.sip")
REMEMBERED = 4096


class Wire(logging.Handler):
    """Listens to the trace of one runtime."""

    def __init__(self) -> None:
        """Silent until `open`."""
        super().__init__(logging.DEBUG)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._sources: OrderedDict[str, str] = OrderedDict()
        self._news = asyncio.Event()
        self._keypads: dict[str, Callable[[str], None]] = {}
        self._waiting: dict[str, Callable[[], None]] = {}

    async def open(self, runtime: Runtime) -> None:
        """Start to listen; the trace goes nowhere else."""
        self._loop = asyncio.get_running_loop()
        _LOGGER.setLevel(logging.DEBUG)
        _LOGGER.propagate = False
        _LOGGER.addHandler(self)
        await runtime.set_sip_trace(True)

    def shut(self) -> None:
        """Stop listening."""
        self._loop = None
        _LOGGER.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """LOG THREAD. One SIP message."""
        message = record.getMessage()
        if found := _ANSWER.match(message):
            self._to_loop(self._note, found[1])
        elif found := _CALLED.match(message):
            self._to_loop(self._came_from, found[2], found[1])
        elif (found := _PRESSED.match(message)) and (signal := _SIGNAL.match(found[3])):
            self._to_loop(self._pressed, found[1], signal[1].upper())

    def _to_loop(self, take: Callable[..., None], *words: str) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed
                loop.call_soon_threadsafe(take, *words)

    def _note(self, call_id: str) -> None:
        _remember(self._heard, call_id, None)
        tell = self._waiting.pop(call_id, None)
        if tell is not None:
            tell()

    def _came_from(self, call_id: str, address: str) -> None:
        _remember(self._sources, call_id, address)
        self._news.set()
        self._news = asyncio.Event()

    async def source(self, call_id: str) -> str:
        """The address an inbound call came from; empty when the trace does not tell."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SOURCE_WAIT_S):
                while call_id not in self._sources:
                    await self._news.wait()
        return self._sources.get(call_id, "")

    def _pressed(self, call_id: str, digit: str) -> None:
        press = self._keypads.get(call_id)
        if press is not None:
            press(digit)

    def on_key(self, call_id: str, press: Callable[[str], None]) -> None:
        """Call `press` for every key of this call that the stack lets fall."""
        self._keypads[call_id] = press

    def on_heard(self, call_id: str, tell: Callable[[], None]) -> None:
        """Call `tell` once when the INVITE of this Call-ID gets any answer; at once when it has."""
        if call_id in self._heard:
            tell()
        else:
            self._waiting[call_id] = tell

    def forget(self, call_id: str) -> None:
        """The call is over."""
        self._waiting.pop(call_id, None)
        self._keypads.pop(call_id, None)
        self._heard.pop(call_id, None)
        self._sources.pop(call_id, None)


def _remember(memory: "OrderedDict[str, T]", key: str, value: T) -> None:
    memory[key] = value
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
