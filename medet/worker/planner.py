"""The loop that plans the day: today, and from the evening on tomorrow, so that a restart at dawn finds it planned."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.flows.plan_day import plan_day

AHEAD = timedelta(hours=6)
EVERYBODY = timedelta(minutes=30)


@dataclass
class Planner:
    """Whether the robot can ring is asked when somebody's hours begin, and of everybody who waits twice an hour: what
    is learned of a number or a wish meanwhile hands itself over, and the claim rings nobody it must not."""

    looked: datetime | None = None
    whole: datetime | None = None  # the last time at everybody

    def step(self, now: datetime) -> bool:
        """True when there was work."""
        since = self.looked if self.whole and now - self.whole < EVERYBODY else None
        days = sorted({local_day(now), local_day(now + AHEAD)})
        made = [plan_day(day=day, by=WORKER, now=now, looked=since) for day in days]
        # Only what was committed was looked at.
        transaction.on_commit(partial(self._looked, now, whole=since is None))
        return sum(made) > 0

    def _looked(self, now: datetime, *, whole: bool) -> None:
        self.looked = now
        self.whole = now if whole else self.whole
