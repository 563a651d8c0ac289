"""`manage.py who_saw PERSON_UID [--since 2026-11-01]`."""

import sys
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import LOCAL, now
from medet.base.models import AuditEntry
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.people.looks import ask_who_saw
from medet.people.models import Person
from medet.people.queries import by_iin
from medet.staff.models import User


class Command(BaseCommand):
    """Who looked at somebody, by name."""

    help = "Lists who opened a person's record and in whose lists the person stood; the question is in the audit too."

    def add_arguments(self, parser: CommandParser) -> None:
        """An IIN is never an argument: those can be read by others."""
        parser.add_argument("person", nargs="?", type=UUID, help="uid, as in the address of the card")
        parser.add_argument("--iin-stdin", action="store_true", help="read the IIN from standard input instead")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DAY")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a look, the newest first."""
        since = datetime.combine(options["since"], time(), LOCAL) if options["since"] else None
        with scope(WORKER):
            person = _asked_about(options)
            if person is None:
                raise CommandError("Nobody of this uid or IIN is in the register.")
            found = ask_who_saw(person=person, since=since, by=WORKER, now=now())
            users = User.objects.in_bulk({row.by_user_id for row in found if row.by_user_id})
        for row in found:
            self.stdout.write(_line(row, users.get(row.by_user_id or 0)))


def _asked_about(options: dict[str, Any]) -> Person | None:
    if not options["iin_stdin"]:
        return Person.objects.filter(uid=options["person"]).first()
    try:
        return by_iin(sys.stdin.readline().strip())
    except Refused as refusal:
        raise CommandError(refusal.sentence()) from refusal


def _line(row: AuditEntry, user: User | None) -> str:
    who = f"{user.username}  {user}" if user else row.by_label
    return f"{row.at.astimezone(LOCAL):%Y-%m-%d %H:%M}  {who}  {row.action}  {row.detail.get('why', '')}".rstrip()
