"""`manage.py check_release`: whether the data fits this release; the first step of `make serve`."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader


class Command(BaseCommand):
    """An older database is upgraded on purpose and after a backup, a newer one never touched."""

    help = "Ends with 1 when the database is of an older or of a newer release than this code."
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own form

    def handle(self, *args: Any, **options: Any) -> None:
        """An empty database is migrated by what comes next."""
        loader = MigrationLoader(connection)
        applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
        ours = {key for key in applied if key[0] in loader.migrated_apps}
        if ours - known:
            raise CommandError("The data is of a newer release than this code: nothing was changed.")
        if applied and known - applied and os.environ.get("MEDET_UPGRADING") != "1":
            raise CommandError("The data is of an older release: run `make upgrade`, which makes a backup first.")
