"""`manage.py phone`: rings people until it is told to stop."""

import asyncio
import logging
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from medet.base.punctual import keep_time
from medet.phone.process import AGAIN, main

log = logging.getLogger("medet.phone")


class Command(BaseCommand):
    """The phone process."""

    help = "Runs the telephone robot until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 means that the engine died and a new process is needed."""
        if not keep_time():
            log.warning("no right to go before other processes: voices may break on a full machine")
        code = asyncio.run(main())
        if code == AGAIN:
            # The same process number, so that whoever started us notices nothing: native parts begin from nought.
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - our own words, no shell
        sys.exit(code)
