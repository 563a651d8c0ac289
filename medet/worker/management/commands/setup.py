"""`manage.py setup`: the first organisation and administrator, asked for on the terminal; `--link` for the browser."""

import getpass
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.setup import First, set_up, setup_secret
from medet.places.actions import Name
from medet.places.states import Kind, Level

FILE = "setup-link.txt"
NEEDED = ("kk", "ru", "en", "region", "district", "username", "family_name", "given_name")


class Command(BaseCommand):
    """Once for an installation."""

    help = "Makes the first organisation and its administrator; there is no default password."

    def add_arguments(self, parser: CommandParser) -> None:
        """What is left out is asked for; the password is never an argument."""
        parser.add_argument("--link", action="store_true", help="only write a one-time link for the browser")
        parser.add_argument("--kind", default=Kind.TELEMEDICINE_CENTRE, choices=Kind.values)
        for name in NEEDED:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=list(dict(settings.LANGUAGES)))
        parser.add_argument("--speaks", nargs="*", default=[], choices=list(dict(settings.LANGUAGES)))
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction."""
        if options["link"]:
            self._link()
            return
        values = {name: options[name] or self._ask(name) for name in NEEDED}
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else self._password()
        house = {
            "name": Name(kk=values["kk"], ru=values["ru"], en=values["en"]),
            "kind": Kind(options["kind"]),
            "level": Level.OTHER,
            "region": values["region"],
            "district": values["district"],
            "district_name": None,
        }
        person = {
            "username": values["username"],
            "names": (values["family_name"], values["given_name"]),
            "language": options["language"],
            "speaks": options["speaks"],
            "password": password,
        }
        try:
            with scope(WORKER):
                made = set_up(first=First(organisation=house, person=person), secret=None, now=now())
        except Refused as refusal:
            raise CommandError(refusal.sentence()) from refusal
        self.stdout.write(str(made.uid))

    def _link(self) -> None:
        """For `make serve`, which shows it: a file for the owner's eyes, gone as soon as it is set up."""
        path = settings.DATA_DIR / FILE
        path.unlink(missing_ok=True)
        with scope(WORKER):
            secret = setup_secret(now=now())
        if secret is None:
            return
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(f"{os.environ.get('MEDET_WEB_URL', '/')}setup/{secret}/\n")

    def _ask(self, name: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"--{name.replace('_', '-')} is missing and there is no terminal to ask on.")
        return input(f"{name.replace('_', ' ')}: ").strip()

    def _password(self) -> str:
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Again: "):
            raise CommandError("The two passwords differ.")
        return first
