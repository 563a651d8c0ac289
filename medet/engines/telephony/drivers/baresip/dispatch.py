"""Stack events to the leg they belong to, with none lost.

baresip-python's own Call subscribes only when the coroutine of dial() resumes; an event of the
same loop pass (an instant answer or rejection) is dropped there. Here one listener sees every
event from the start and keeps those of calls that nobody has adopted yet.
"""

import time
from collections.abc import Callable

from baresip.call import Call
from baresip.events import StackEvent
from baresip.runtime import Runtime

Listener = Callable[[StackEvent], None]
# dial() answers within milliseconds; its command times out after 5 s.
ORPHAN_S = 10.0


class Dispatch:
    """The one subscriber of a runtime."""

    def __init__(self, runtime: Runtime) -> None:
        """Listen from now on."""
        self._runtime = runtime
        self._legs: dict[int, Listener] = {}
        self._orphans: dict[int, tuple[float, list[StackEvent]]] = {}
        runtime.subscribe(self._hear)

    def adopt(self, call: Call, listener: Listener) -> None:
        """Give `listener` every event of the call, those already past first."""
        # The Call's own subscription is the lossy one, and it costs one filter a call and event.
        self._runtime.unsubscribe(call._on_stack_event)
        self._legs[call.handle] = listener
        _, missed = self._orphans.pop(call.handle, (0.0, []))
        for event in missed:
            listener(event)

    def release(self, call: Call) -> None:
        """The call is over; a late event of it goes nowhere."""
        self._legs.pop(call.handle, None)

    def _hear(self, event: StackEvent) -> None:
        if not event.call:
            return
        listener = self._legs.get(event.call)
        if listener is not None:
            listener(event)
        else:
            self._keep(event)

    def _keep(self, event: StackEvent) -> None:
        now = time.monotonic()
        for handle in [h for h, (since, _) in self._orphans.items() if now - since > ORPHAN_S]:
            del self._orphans[handle]
        self._orphans.setdefault(event.call, (now, []))[1].append(event)
