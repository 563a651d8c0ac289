"""`manage.py demo_seed`: builds the made-up city if it does not stand yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.demo.city.seed import seed, write_files


class Command(BaseCommand):
    """The first sixty people, one of every kind, with their last days; `demo_history` makes the rest of the city."""

    help = "Builds the made-up city of the demo; a city that stands is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction: half a city never stays."""
        if not settings.DEMO:
            raise CommandError("Made-up people belong to a demo only: MEDET_DEMO=1 is not set.")
        with scope(WORKER):
            made = seed(now=now())
        write_files(settings.DATA_DIR)
        self.stdout.write("The made-up city is built." if made else "The made-up city stands already.")
