"""Recomputes the hash chains over audit and evidence."""

from django.core.management.base import BaseCommand, CommandError

from medet.base import seals


class Command(BaseCommand):
    """manage.py verify_seals"""

    help = "Checks every sealed audit and evidence row; exits 1 and names what was altered, removed or added."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Prints the heads of the chains, to be kept elsewhere."""
        problems = seals.verify()
        if problems:
            raise CommandError("\n".join(f"{found.chain}: seal {found.seal}: {found.what}" for found in problems))
        for chain, (number, sha256) in seals.heads().items():
            self.stdout.write(f"{chain}: {number} seals whole, head {sha256}")
        self.stdout.write("all sealed rows are as they were sealed")
