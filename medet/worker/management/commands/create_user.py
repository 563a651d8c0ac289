"""`manage.py create_user USERNAME --role ROLE --organisation UID_OR_NAME --family-name ... --given-name ...`."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.installing import create_staff, organisation_called
from medet.staff.states import Role


class Command(BaseCommand):
    """Somebody who signs in."""

    help = "Makes a user with a role; asks for the password, which is never an argument: those can be read by others."

    def add_arguments(self, parser: CommandParser) -> None:
        """Everything but the password."""
        parser.add_argument("username")
        parser.add_argument("--role", required=True, action="append", choices=Role.values, help="may be repeated")
        parser.add_argument("--organisation", required=True, metavar="UID_OR_NAME")
        parser.add_argument("--family-name", required=True)
        parser.add_argument("--given-name", required=True)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=list(dict(settings.LANGUAGES)))
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """The password is asked for before anything is written."""
        password = self._password(from_input=options["password_stdin"])
        try:
            with scope(WORKER):
                made = create_staff(
                    username=options["username"],
                    names=(options["family_name"], options["given_name"]),
                    language=options["language"],
                    roles=[Role(role) for role in options["role"]],
                    at=organisation_called(options["organisation"]),
                    password=password,
                    by=WORKER,
                    now=now(),
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence()) from refusal
        self.stdout.write(str(made.uid))

    def _password(self, *, from_input: bool) -> str:
        if from_input:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise CommandError("No terminal to ask for the password: use --password-stdin.")
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Again: "):
            raise CommandError("The two passwords differ.")
        return first
