"""Claims what is due and rings it, as fast as the trunk allows; keeps the leases of live calls."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from medet.base import policy
from medet.base.clock import now
from medet.contacts.calls.actions import renew_lease
from medet.contacts.calls.claim import Claimed, Manners, claim
from medet.contacts.calls.queries import asked_to_hang_up
from medet.phone.call import Desk, RobotCall
from medet.phone.ledger import AWAY
from medet.phone.ring import LEASE

log = logging.getLogger("medet.phone")
PAUSE_S = 1.0
LOOK_EVERY_S = 0.4
RENEW_EVERY_S = 10.0
HANG_UP_S = 0.1  # hang-ups come one after another (see the driver)


def manners() -> Manners:
    """The limits in force now; runs inside a scope."""
    at = now()
    return Manners(
        daily_cap=policy.whole("call.daily_attempts", now=at),
        gap=timedelta(minutes=policy.whole("call.min_gap_minutes", now=at)),
        quiet_start=policy.local_time("call.hours.start", now=at),
        quiet_end=policy.local_time("call.hours.end", now=at),
        zone=settings.TIME_ZONE,
        without_consent=policy.value("call.without_consent", now=at),
    )


class Dialler:
    """The robot's loop. One step claims a batch; each claimed attempt becomes a call of its own."""

    def __init__(self, desk: Desk, *, worker: str) -> None:
        self.desk, self.worker = desk, worker
        self.live: dict[int, RobotCall] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.renewed_at = time.monotonic()
        self.leaving = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            worked = await _guarded(self.step(), "the dialler's step")
            if not worked:
                await _wait(stop, PAUSE_S)

    async def step(self) -> bool:
        """Claims and rings one batch; True when there was work."""
        room = self._room()
        if room <= 0:
            return False
        claimed = await self.desk.ledger.post("claim", lambda: self._claim(room), patient=False)
        for one in claimed:
            self._start(one)
        return bool(claimed)

    def _room(self) -> int:
        """How many INVITEs may leave within the next second, beside those that are about to.

        A call that has its leg is in the engine's own count; inbound calls are too.
        """
        capacity = self.desk.engine.capacity()
        pending = sum(not call.invited for call in self.live.values())
        return min(capacity.free, max(1, int(capacity.attempts_per_s))) - pending

    def _claim(self, limit: int) -> list[Claimed]:
        capacity = self.desk.engine.capacity()
        limits = replace(manners(), lines=capacity.live + capacity.free)
        return claim(limit=limit, worker=self.worker, manners=limits, lease=LEASE, now=now())

    def _start(self, claimed: Claimed) -> None:
        call = self.live[claimed.attempt_id] = RobotCall(self.desk, claimed)
        self._spawn(call.run()).add_done_callback(lambda _: self.live.pop(claimed.attempt_id, None))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def look_after(self) -> None:
        """For as long as there may be calls: hangs up where the case ended meanwhile, and renews leases."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self.live:
                calls = {attempt: call for call in self.live.values() for attempt in call.attempts()}
                await _guarded(self._look(calls), "looking after calls")

    async def _look(self, calls: dict[int, RobotCall]) -> None:
        ids = list(calls)
        cuts = [attempt for attempt, call in calls.items() if attempt in call.cut_by()]
        for attempt_id in await self.desk.ledger.post("look", lambda: asked_to_hang_up(cuts), patient=False):
            if not calls[attempt_id].hanging_up:
                self._spawn(calls[attempt_id].hang_up())
        if time.monotonic() - self.renewed_at >= RENEW_EVERY_S:
            await self.desk.ledger.post("renew", lambda: self._renew(ids), patient=False)
            self.renewed_at = time.monotonic()
        if self.leaving:
            self.leave()

    def _renew(self, ids: list[int]) -> None:
        renew_lease(attempt_ids=ids, lease=LEASE, now=now())

    def leave(self) -> None:
        """What still rings is taken back, so that nobody picks up a call that is about to be cut."""
        self.leaving = True
        for call in self.live.values():
            if not call.talking and not call.hanging_up:
                self._spawn(call.hang_up())

    async def finish(self, timeout_s: float) -> None:
        """Hangs up what is still under way and waits, not for ever, until each attempt has its end."""
        for call in self.live.values():
            self._spawn(call.hang_up())
        if not self.tasks:
            return
        _, late = await asyncio.wait(self.tasks, timeout=timeout_s + HANG_UP_S * len(self.live))
        for task in late:
            task.cancel()


async def _guarded(work: Coroutine[Any, Any, Any], what: str) -> Any:
    """A fault waits for the next turn; that the database is away is said by the ledger."""
    try:
        return await work
    except AWAY:
        return None
    except Exception:
        log.exception("%s failed", what)
        return None


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
