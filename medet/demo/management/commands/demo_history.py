"""`manage.py demo_history`: makes the weeks before the demo's last days, beside everything else that runs."""

import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import local_day, now
from medet.base.scope import scope
from medet.demo.city.weeks import groups, make_calls, make_past
from medet.demo.status import real_calls

NICENESS = 10  # calls and pages come first
# Whoever waits for the first call of a fresh demo has the machine; a trunk out of order is not waited for.
FIRST_CALL_S, LOOK_S = 120, 2


class Command(BaseCommand):
    """A few people at a time; what was made stays, also after a kill in the middle."""

    help = "Makes the past weeks of the made-up city while the demo runs, and then waits for the end."

    def add_arguments(self, parser: CommandParser) -> None:
        """For a run by hand."""
        parser.add_argument("--once", action="store_true", help="end when all is made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGTERM: a process that ended would be started again."""
        if not settings.DEMO:
            raise CommandError("Made-up people belong to a demo only: MEDET_DEMO=1 is not set.")
        os.nice(NICENESS)
        if not options["once"]:
            self._first_call_comes_first()
        waiting = groups(local_day(now()))
        for group in waiting:
            make_past(group, now=now())
        make_calls(now=now())
        self.stdout.write(f"The past weeks are made: {sum(map(len, waiting))} people came to the city.")
        if not options["once"]:
            signal.pause()

    def _first_call_comes_first(self) -> None:
        end = time.monotonic() + FIRST_CALL_S
        while time.monotonic() < end and not _somebody_answered():
            time.sleep(LOOK_S)


def _somebody_answered() -> bool:
    with scope(WORKER):
        return real_calls().filter(answered_at__isnull=False).exists()
