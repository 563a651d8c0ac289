"""Claims what is due and rings it, as fast as the trunk allows; keeps the leases of live calls."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import timedelta

from django.conf import settings

from medet.base import policy
from medet.base.clock import now
from medet.contacts.calls.actions import renew_lease
from medet.contacts.calls.claim import Claimed, Manners, claim
from medet.phone.call import Desk, RobotCall
from medet.phone.ring import LEASE

log = logging.getLogger("medet.phone")
PAUSE_S = 1.0
LOOK_AFTER_S = 1.0


def manners() -> Manners:
    """The limits in force now; runs inside a scope."""
    at = now()
    return Manners(
        daily_cap=policy.whole("call.daily_attempts", now=at),
        gap=timedelta(minutes=policy.whole("call.min_gap_minutes", now=at)),
        quiet_start=policy.local_time("call.hours.start", now=at),
        quiet_end=policy.local_time("call.hours.end", now=at),
        zone=settings.TIME_ZONE,
    )


class Dialler:
    """The robot's loop. One step claims a batch; each claimed attempt becomes a call of its own."""

    def __init__(self, desk: Desk, *, worker: str) -> None:
        self.desk, self.worker = desk, worker
        self.live: dict[int, RobotCall] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a database that is away is waited for."""
        keeper = asyncio.create_task(self._look_after(stop))
        while not stop.is_set():
            worked = await self._guarded()
            if not worked:
                await _wait(stop, PAUSE_S)
        await keeper

    async def _guarded(self) -> bool:
        try:
            return await self.step()
        except Exception:
            log.exception("the dialler's step failed")
            return False

    async def step(self) -> bool:
        """Claims and rings one batch; True when there was work."""
        room = self._room()
        if room <= 0:
            return False
        claimed = await self.desk.ledger.post(0, lambda: self._claim(room))
        for one in claimed:
            self._start(one)
        return bool(claimed)

    def _room(self) -> int:
        """How many INVITEs may leave within the next second."""
        capacity = self.desk.engine.capacity()
        return min(capacity.free - len(self.tasks) + capacity.live, max(1, int(capacity.attempts_per_s)))

    def _claim(self, limit: int) -> list[Claimed]:
        return claim(limit=limit, worker=self.worker, manners=manners(), lease=LEASE, now=now())

    def _start(self, claimed: Claimed) -> None:
        call = RobotCall(replace(self.desk), claimed)
        self.live[claimed.attempt_id] = call
        task = asyncio.create_task(call.run())
        self.tasks.add(task)

        def over(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            self.live.pop(claimed.attempt_id, None)

        task.add_done_callback(over)

    async def _look_after(self, stop: asyncio.Event) -> None:
        """Renews leases, and hangs up where the case ended meanwhile."""
        while not (stop.is_set() and not self.tasks):
            ids = list(self.live)
            if ids:
                await self._renew(ids)
            await _wait(stop, LOOK_AFTER_S) if not stop.is_set() else await asyncio.sleep(LOOK_AFTER_S)

    async def _renew(self, ids: list[int]) -> None:
        for attempt_id in await self.desk.ledger.post(1, lambda: renew_lease(attempt_ids=ids, lease=LEASE, now=now())):
            call = self.live.get(attempt_id)
            if call:
                await call.hang_up()

    async def finish(self) -> None:
        """Hangs up what is still under way and waits until each attempt has its end."""
        for call in list(self.live.values()):
            await call.hang_up()
        if self.tasks:
            await asyncio.wait(self.tasks)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
