"""The last step before a phone rings: permit and INVITE under one row lock.

The transaction stays open until the INVITE has left. Whoever ends the case at the same moment waits for that row:
either no phone rings, or the ring began before the end was committed. Whoever stops the whole robot waits for nobody:
what the permit read then is good for `FRESH_S`, and an INVITE that has not left by then does not leave.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from medet.base.clock import now
from medet.contacts.calls.actions import permit
from medet.contacts.calls.claim import Claimed
from medet.engines.telephony import CallSpec, Engine, Leg

LEASE = timedelta(seconds=45)
SEND_WITHIN_S = 10.0
FRESH_S = 1.0


@dataclass(frozen=True)
class Outgoing:
    """How we show ourselves on the trunk."""

    trunk: str
    caller_id: str
    ring_timeout_s: float


class Ringing:
    """One INVITE in the making; keeps the leg even when the commit after it fails."""

    def __init__(self, *, engine: Engine, claimed: Claimed, outgoing: Outgoing, loop: asyncio.AbstractEventLoop):
        self.engine, self.claimed, self.outgoing, self.loop = engine, claimed, outgoing, loop
        self.leg: Leg | None = None

    def __call__(self) -> Leg | None:
        """Runs in a ledger thread inside a transaction; None when the attempt may not ring any more."""
        until = time.monotonic() + FRESH_S
        allowed = permit(
            attempt_id=self.claimed.attempt_id,
            lease=LEASE,
            caller_id=self.outgoing.caller_id,
            trunk=self.outgoing.trunk,
            now=now(),
        )
        if not allowed:
            return None
        sending = asyncio.run_coroutine_threadsafe(self.engine.originate(self._spec(until)), self.loop)
        try:
            self.leg = sending.result(SEND_WITHIN_S)
        except TimeoutError:
            sending.cancel()
            raise
        return self.leg

    def _spec(self, until: float) -> CallSpec:
        return CallSpec(
            to=self.claimed.number,
            idempotency_key=str(self.claimed.attempt_id),
            ring_timeout_s=self.outgoing.ring_timeout_s,
            caller_id=self.outgoing.caller_id or None,
            language=self.claimed.language,
            until=until,
        )
