"""`manage.py demo`: everything on this machine, with made-up people. Needs no terminal; ends on SIGINT or SIGTERM."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from medet.demo.run import run


class Command(BaseCommand):
    """Starts the demo and stays."""

    help = "Starts PostgreSQL, a made-up city, its telephones and all processes; prints addresses and logins."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration; there is no database yet

    def handle(self, *args: Any, **options: Any) -> None:
        """The exit code is the run's."""
        sys.exit(run())
