"""Carries what happened on the line to the rows. The audio loop never touches the database: it hands jobs to
threads here. Jobs of one key keep their order and never run side by side; another key never waits for them, so that
one slow transaction delays one call only. A job waits out a database that is away, so nothing told is lost.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections

from medet.base.actor import ROBOT
from medet.base.scope import scope

log = logging.getLogger("medet.phone")
Result = TypeVar("Result")
AWAY = (OperationalError, InterfaceError)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


class Job:
    """One transaction to make, and who waits for it."""

    def __init__(self, work: Callable[[], Any], done: "asyncio.Future[Any]", *, patient: bool) -> None:
        self.work, self.done, self.patient = work, done, patient


class Queues:
    """Jobs by key. A key is free when none of its jobs is under way; the key that waits longest comes first."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.jobs: dict[Hashable, deque[Job]] = {}
        self.free: deque[Hashable] = deque()
        self.ending = False

    def put(self, key: Hashable, job: Job) -> None:
        """Behind the other jobs of its key."""
        with self.changed:
            if key not in self.jobs:
                self.jobs[key] = deque()
                self.free.append(key)
            self.jobs[key].append(job)
            self.changed.notify()

    def take(self) -> tuple[Hashable, Job] | None:
        """The next job; its key is held until `give_back`. None when all is done and nothing will follow."""
        with self.changed:
            self.changed.wait_for(lambda: self.free or (self.ending and not self.jobs))
            if not self.free:
                return None
            key = self.free.popleft()
            return key, self.jobs[key].popleft()

    def give_back(self, key: Hashable) -> None:
        """The job of this key is over."""
        with self.changed:
            if self.jobs[key]:
                self.free.append(key)
            else:
                del self.jobs[key]
            self.changed.notify_all()

    def end(self) -> None:
        """Nothing follows what is queued."""
        with self.changed:
            self.ending = True
            self.changed.notify_all()


class Ledger:
    """A few threads with a database connection each."""

    def __init__(self, threads: int = 8) -> None:
        self.loop = asyncio.get_running_loop()
        self.queues = Queues()
        self.given_up = threading.Event()
        self.away = False
        self.threads = [
            threading.Thread(target=self._serve, name=f"ledger-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def post(self, key: Hashable, work: Callable[[], Result], *, patient: bool = True) -> "asyncio.Future[Result]":
        """Queues a transaction. `patient`: it may be repeated, so it is, until the database takes it."""
        done: asyncio.Future[Result] = self.loop.create_future()
        self.queues.put(key, Job(work, done, patient=patient))
        return done

    async def close(self, timeout_s: float) -> bool:
        """Finishes what is queued, as long as there is time; False when something was left undone."""
        self.queues.end()
        finished = await asyncio.to_thread(self._join, timeout_s)
        self.given_up.set()
        if not finished:
            await asyncio.to_thread(self._join, LONGEST_PAUSE)
        return finished

    def _join(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def _serve(self) -> None:
        while (taken := self.queues.take()) is not None:
            key, job = taken
            try:
                result = self._work(job)
            except Exception as error:
                self._tell(job, error=error)
            else:
                self._tell(job, result=result)
            finally:
                self.queues.give_back(key)
        connections.close_all()

    def _work(self, job: Job) -> Any:
        pause = FIRST_PAUSE
        while True:
            try:
                with scope(ROBOT):
                    result = job.work()
            except AWAY:
                connections.close_all()
                self._say(away=True)
                if not job.patient or self.given_up.wait(pause):
                    raise
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._say(away=False)
                return result

    def _say(self, *, away: bool) -> None:
        """One line when the database goes and one when it is back."""
        if self.away != away:
            self.away = away
            log.warning("the database is away; what is told waits for it" if away else "the database is back")

    def _tell(self, job: Job, *, result: Any = None, error: Exception | None = None) -> None:
        def settle() -> None:
            if job.done.cancelled():
                return
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)

        self.loop.call_soon_threadsafe(settle)
