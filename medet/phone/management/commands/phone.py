"""`manage.py phone`: rings people until it is told to stop."""

import asyncio
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medet.phone.process import main


class Command(BaseCommand):
    """The phone process."""

    help = "Runs the telephone robot until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 means that the engine died and a new process is needed."""
        telephony: dict[str, Any] = settings.TELEPHONY
        if not telephony["trunk"]["address"]:
            raise CommandError("No trunk is set: MEDET_TRUNK_ADDRESS=host:port is missing.")
        sys.exit(asyncio.run(main()))
