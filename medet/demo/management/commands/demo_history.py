"""`manage.py demo_history`: makes the weeks before the demo's last days, beside everything else that runs."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.clock import local_day, now
from medet.demo.city.weeks import groups, make_calls, make_past

NICENESS = 10  # calls and pages come first


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
        waiting = groups(local_day(now()))
        for group in waiting:
            make_past(group, now=now())
        make_calls(now=now())
        self.stdout.write(f"The past weeks are made: {sum(map(len, waiting))} people came to the city.")
        if not options["once"]:
            signal.pause()
