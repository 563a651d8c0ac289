"""The ward behind a real server, with the push process, at noon of a demo's clock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.test import override_settings

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.demo.city.seed import write_files
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.live import running as live
from tests.pages.looking import Site
from tests.pages.ward import build
from tests.web.browser import serving


@contextmanager
def site_of(databases: TestDatabases, folder: Path) -> Iterator[Site]:
    """A demo as its visitor finds it, so its banner and its logins are looked at too."""
    offset = live.offset_to_noon()
    demo = override_settings(DEMO=True, CLOCK_OFFSET=offset, DATA_DIR=folder, SESSION_COOKIE_SECURE=False)
    with databases.copy() as addresses, pointed_at(addresses), demo:
        connections.settings["default"]["CONN_MAX_AGE"] = 0
        with scope(WORKER):
            ward = build(now=clock.now())
        write_files(settings.DATA_DIR)
        with live.medet(dict(os.environ) | addresses | {"DJANGO_SETTINGS_MODULE": "medet.settings"}, folder) as running:
            port = live.free_port()
            running.start("push", "-m", "uvicorn", "--port", str(port), "--no-access-log", "medet.push.app:app")
            live.wait_until(lambda: live.answers(port), seconds=60, what=lambda: running.log("push"))
            with serving(folder / "static", PUSH_PORT=str(port)) as address:
                yield Site(address, ward)
