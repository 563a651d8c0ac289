"""`manage.py check_loops`: names every open state without its owner; exit code 1 if there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.flows.loops import orphans


class Command(BaseCommand):
    """Nobody is lost."""

    help = "Names every open state that nobody owes the next move of."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line an orphan."""
        with scope(WORKER):
            found = list(orphans(now=now()))
        for orphan in found:
            self.stdout.write(f"{orphan.kind} {orphan.uid} {orphan.state}: {orphan.why}")
        self.stdout.write(f"{len(found)} without an owner")
        if found:
            sys.exit(1)
