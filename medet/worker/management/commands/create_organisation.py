"""`manage.py create_organisation --kind polyclinic --kk ... --ru ... --en ... --region ... --district ...`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.installing import create_organisation
from medet.places.actions import Name
from medet.places.states import Kind, Level

STREET = "a street it answers for; may be repeated; empty for what is left of the district"


class Command(BaseCommand):
    """A clinic, centre or hospital."""

    help = "Registers an organisation and the streets it answers for; prints its uid."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names in all three languages: pages, letters and calls use each."""
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument("--level", default=Level.OTHER, choices=Level.values)
        for language in ("kk", "ru", "en"):
            parser.add_argument(f"--{language}", required=True, metavar="NAME", help=f"the name in {language}")
        parser.add_argument("--region", required=True, metavar="KATO", help="9 digits")
        parser.add_argument("--district", required=True, metavar="KATO", help="9 digits")
        names = ("KK", "RU", "EN")
        parser.add_argument("--district-name", nargs=3, metavar=names, help="its names, for a district not known yet")
        parser.add_argument("--street", action="append", default=[], help=STREET)

    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction: nothing is left of a refused one."""
        district = options["district_name"]
        try:
            with scope(WORKER):
                made = create_organisation(
                    name=Name(kk=options["kk"], ru=options["ru"], en=options["en"]),
                    kind=Kind(options["kind"]),
                    level=Level(options["level"]),
                    region=options["region"],
                    district=options["district"],
                    district_name=district and Name(kk=district[0], ru=district[1], en=district[2]),
                    streets=options["street"],
                    by=WORKER,
                    now=now(),
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence()) from refusal
        self.stdout.write(str(made.uid))
