"""`manage.py end_access USERNAME [--role ROLE --organisation UID_OR_NAME]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.installing import end_access, organisation_called
from medet.staff.states import Role


class Command(BaseCommand):
    """Somebody who is here no longer, or no longer in one role."""

    help = "Ends a role at an organisation, or without one the account; open pages end with their next request."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and which role where; without a role everything."""
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--organisation", metavar="UID_OR_NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says whether there was anything to end."""
        role, at = options["role"], options["organisation"]
        try:
            with scope(WORKER):
                ended = end_access(
                    username=options["username"],
                    role=Role(role) if role else None,
                    at=organisation_called(at) if at else None,
                    by=WORKER,
                    now=now(),
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence()) from refusal
        self.stdout.write("ended" if ended else "nothing was held")
