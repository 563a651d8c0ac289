"""`manage.py demo_status [--json]`: how far the demo's round has come."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.demo.status import bar, status


class Command(BaseCommand):
    """Beside a running demo."""

    help = "Shows how far the demo's round of calls has come."

    def add_arguments(self, parser: CommandParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads only."""
        at = now()
        try:
            with scope(WORKER):
                found, line = status(now=at), bar(now=at)
        except OperationalError as error:
            raise CommandError("The demo does not run: start it with `make demo`.") from error
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict()))
            return
        self.stdout.write(line)
        for name, value in found.as_dict().items():
            self.stdout.write(f"{name.replace('_', ' '):<20} {value}")
