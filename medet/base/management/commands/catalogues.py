"""Checks that every sentence exists in every language, or collects the new ones for translation."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from medet.base.catalogues import check, files
from medet.base.catalogues.update import update


class Command(BaseCommand):
    """manage.py catalogues [--update]"""

    help = "--check (default) fails when a translation is missing; --update writes new sentences into the .po files."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two switches, one at a time."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true")
        what.add_argument("--update", action="store_true")

    def handle(self, *, update: bool, **options: object) -> None:
        """Django's own gaps are part of the check: its Kazakh is half empty."""
        if update:
            self._update()
            return
        found = check.problems() + [gap for language in files.LANGUAGES for gap in check.framework_gaps(language)]
        if found:
            raise CommandError("\n".join([*found, f"{len(found)} faults in the translations"]))
        self.stdout.write("translations complete: " + " ".join(files.LANGUAGES))

    def _update(self) -> None:
        for language, empty in update().items():
            self.stdout.write(f"{language}: {empty} to translate in {files.folder(language) / files.OWN}")
