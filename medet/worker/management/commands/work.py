"""`manage.py work`: turns the clocks until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from medet.worker.loops import run


class Command(BaseCommand):
    """The worker process."""

    help = "Runs the worker's loops until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """A step under way is finished first."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop)
