"""`manage.py demo_phones`: the telephone network of the demo, as a process of its own."""

import asyncio
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medet.base.punctual import keep_time
from medet.demo.phones.ear import PAUSE_S
from medet.demo.phones.network import Options, serve
from medet.monitoring.actions import FOLDER

LINES, DIARY = settings.DATA_DIR / "demo" / "phones.json", settings.DATA_DIR / "demo" / "phones.jsonl"
PORT = int(os.environ.get("MEDET_PHONES_PORT", "0"))
PROMPTS = settings.BASE_DIR / "medet" / "phone" / "prompts"


class Command(BaseCommand):
    """Serves until SIGINT or SIGTERM; needs no database."""

    help = "The SIP phones of the made-up city behind one address (the trunk of the demo)."
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own form

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the phones are, what they do, and where they write it down."""
        parser.add_argument("--behaviours", type=Path, default=LINES, help="JSON: number -> behaviour, years of birth")
        parser.add_argument("--port", type=int, default=PORT, help="SIP port on 127.0.0.1 (0: any free one)")
        parser.add_argument("--log", type=Path, default=DIARY, help="diary of the phones, JSON lines, only appended to")
        parser.add_argument("--programme", type=Path, default=FOLDER / "covid-home.yaml")
        parser.add_argument("--prompts", type=Path, default=PROMPTS, help="recordings the phones can recognise")
        parser.add_argument("--record", type=Path, help="folder for what each phone heard, as WAV")
        parser.add_argument("--ring", type=float, default=1.5, help="seconds a phone rings before it is taken up")
        parser.add_argument("--pause", type=float, default=PAUSE_S, help="silence that means it is our turn")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the network."""
        if not options["behaviours"].exists():
            raise CommandError(f"There is no {options['behaviours']}: `manage.py demo_seed` writes it.")
        keep_time()
        asyncio.run(
            serve(
                Options(
                    behaviours=options["behaviours"],
                    port=options["port"],
                    diary=options["log"],
                    programme=options["programme"],
                    prompts=options["prompts"],
                    record=options["record"],
                    ring_s=options["ring"],
                    pause_s=options["pause"],
                )
            )
        )
