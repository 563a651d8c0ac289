"""What the stack's SIP trace tells and its events do not: that a call was heard at all.

The stack forgets an INVITE that is taken back before any answer came: no CANCEL follows when the
trunk speaks at last, and the patient's phone rings for nobody (RFC 3261 §9.1 wants the CANCEL held
back, not dropped). So a leg is only taken back once somebody answered, and "100 Trying", which no
event reports, is somebody. The trace stays in here: it carries telephone numbers.
"""

import asyncio
import contextlib
import logging
import re
from collections import OrderedDict
from collections.abc import Callable

from baresip.runtime import Runtime

# Any answer to an INVITE that came in, and its Call-ID.
_ANSWER = re.compile(
    r"^RX [^\n]*\nSIP/2\.0 \d{3}(?=.*^CSeq:\s*\d+ INVITE\b).*^Call-ID:\s*(\S+)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_LOGGER = logging.getLogger("baresip.native.sip")
REMEMBERED = 4096


class Wire(logging.Handler):
    """Listens to the trace of one runtime."""

    def __init__(self) -> None:
        """Silent until `open`."""
        super().__init__(logging.DEBUG)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: OrderedDict[str, None] = OrderedDict()
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
        found = _ANSWER.match(record.getMessage())
        loop = self._loop
        if found is not None and loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just closed
                loop.call_soon_threadsafe(self._note, found[1])

    def _note(self, call_id: str) -> None:
        self._heard[call_id] = None
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        tell = self._waiting.pop(call_id, None)
        if tell is not None:
            tell()

    def on_heard(self, call_id: str, tell: Callable[[], None]) -> None:
        """Call `tell` once when the INVITE of this Call-ID gets any answer; at once when it has."""
        if call_id in self._heard:
            tell()
        else:
            self._waiting[call_id] = tell

    def forget(self, call_id: str) -> None:
        """The call is over."""
        self._waiting.pop(call_id, None)
        self._heard.pop(call_id, None)
