"""`manage.py load_reference`: regions, limits and programmes of the shipped files; may be run at every start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.worker.reference import load_reference


class Command(BaseCommand):
    """Loads what every installation starts with."""

    help = "Loads regions, districts, limits and programmes from the shipped files; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction; a wrong programme file is one sentence and nothing is loaded."""
        try:
            with scope(WORKER):
                load_reference(now=now())
        except Refused as refusal:
            raise CommandError(refusal.sentence()) from refusal
