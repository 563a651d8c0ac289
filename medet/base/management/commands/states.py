"""Draws the lives of all rooms into docs/states/, or checks that the drawings are up to date."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from medet.base import generated
from medet.base.states import all_lives, page, problems


class Command(BaseCommand):
    """manage.py states [--check]"""

    help = "Writes docs/states/*.md from the rooms' states.py; --check only compares."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options: object) -> None:
        """A wrong declaration fails in both cases."""
        lives = all_lives()
        wrong = [f"{life.name}: {problem}" for life in lives for problem in problems(life)]
        if wrong:
            raise CommandError("\n".join(wrong))
        folder = generated.DOCS / "states"
        pages: dict[Path, str] = {folder / f"{life.name}.md": page(life) for life in lives}
        if check:
            generated.compare(pages, command="states", folder=folder)
        else:
            generated.write(pages)
        self.stdout.write(f"{len(pages)} lives")
