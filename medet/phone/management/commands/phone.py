"""`manage.py phone`: rings people until it is told to stop."""

import asyncio
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from medet.phone.process import AGAIN, main


class Command(BaseCommand):
    """The phone process."""

    help = "Runs the telephone robot until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 means that the engine died and a new process is needed."""
        code = asyncio.run(main())
        if code == AGAIN:
            # The same process number, so that whoever started us notices nothing: native parts begin from nought.
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - our own words, no shell
        sys.exit(code)
