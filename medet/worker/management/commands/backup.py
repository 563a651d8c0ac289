"""`manage.py backup FOLDER`: the database, the files and a manifest, encrypted; beside a running installation."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.supervisor import backing
from medet.supervisor.trouble import Trouble


class Command(BaseCommand):
    """Nothing stops while it is made."""

    help = "Makes a consistent, encrypted backup; the keys (secrets.env) are not in it and must be kept elsewhere."
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own form

    def add_arguments(self, parser: CommandParser) -> None:
        """Where."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Names what was made, and what is not in it."""
        try:
            made = backing.make(options["folder"], {**os.environ, "MEDET_DATA": str(settings.DATA_DIR)})
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(str(made))
        self.stderr.write(f"Not in it: {settings.DATA_DIR}/secrets.env. Keep a copy of that file in another place.")
