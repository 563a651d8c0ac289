"""Writes docs/data-dictionary.md, or checks that it is up to date."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from medet.base import dictionary, generated


class Command(BaseCommand):
    """manage.py data_dictionary [--check]"""

    help = "Writes docs/data-dictionary.md from the models; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options: object) -> None:
        """Compares or writes."""
        pages = {generated.DOCS / "data-dictionary.md": dictionary.text()}
        if check:
            generated.compare(pages, command="data_dictionary")
        else:
            generated.write(pages)
