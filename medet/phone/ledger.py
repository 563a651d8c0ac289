"""Carries what happened on the line to the rows. The audio loop never touches the database: it hands jobs to
threads here. Jobs of one attempt keep their order; a job waits out a database that is away, so nothing told is lost.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
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


class Ledger:
    """A few threads with a database connection each; a key always goes to the same thread."""

    def __init__(self, threads: int = 4) -> None:
        self.loop = asyncio.get_running_loop()
        self.closing = threading.Event()
        self.queues: list[queue.SimpleQueue[Job | None]] = [queue.SimpleQueue() for _ in range(threads)]
        self.threads = [
            threading.Thread(target=self._serve, args=(jobs,), name=f"ledger-{number}", daemon=True)
            for number, jobs in enumerate(self.queues)
        ]
        for thread in self.threads:
            thread.start()

    def post(self, key: int, work: Callable[[], Result], *, patient: bool = True) -> "asyncio.Future[Result]":
        """Queues a transaction. `patient`: it may be repeated, so it is, until the database takes it."""
        done: asyncio.Future[Result] = self.loop.create_future()
        self.queues[key % len(self.queues)].put(Job(work, done, patient=patient))
        return done

    async def close(self, timeout_s: float) -> None:
        """Finishes what is queued, as long as there is time."""
        for jobs in self.queues:
            jobs.put(None)
        await asyncio.to_thread(self._join, timeout_s)
        self.closing.set()

    def _join(self, timeout_s: float) -> None:
        for thread in self.threads:
            thread.join(timeout_s)

    def _serve(self, jobs: "queue.SimpleQueue[Job | None]") -> None:
        while (job := jobs.get()) is not None:
            try:
                result = self._work(job)
            except Exception as error:
                self._tell(job, error=error)
            else:
                self._tell(job, result=result)
        connections.close_all()

    def _work(self, job: Job) -> Any:
        pause = FIRST_PAUSE
        while True:
            try:
                with scope(ROBOT):
                    return job.work()
            except AWAY:
                connections.close_all()
                if not job.patient or self.closing.wait(pause):
                    raise
                log.warning("database away, trying again")
                pause = min(pause * 2, LONGEST_PAUSE)

    def _tell(self, job: Job, *, result: Any = None, error: Exception | None = None) -> None:
        def settle() -> None:
            if job.done.cancelled():
                return
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)

        self.loop.call_soon_threadsafe(settle)
