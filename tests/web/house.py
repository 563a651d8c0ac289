"""Pages, push process and a committed database together, for tests in a browser; one a file of tests."""

import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.live import running as live
from tests.web.browser import serving


@dataclass(frozen=True)
class House:
    """Where the pages are, and who works there."""

    address: str
    town: make.City
    running: live.Running


@contextmanager
def house(databases: TestDatabases, folder: Path) -> Iterator[House]:
    """A city of nobody ill yet; the clock is the wall's."""
    with databases.copy() as addresses, pointed_at(addresses):
        # The server has a thread for each request; none of them keeps its connection.
        connections.settings["default"]["CONN_MAX_AGE"] = 0
        with scope(WORKER):
            # They have held their roles since yesterday.
            town = make.city(now=clock.now() - timedelta(days=1))
        with live.medet(dict(os.environ) | addresses | {"DJANGO_SETTINGS_MODULE": "medet.settings"}, folder) as running:
            port = str(live.free_port())
            # By the pages' clock: a shared telephone's stream asks how long nobody touched it.
            env = {"MEDET_CLOCK_OFFSET": "0"}
            running.start("push", "-m", "uvicorn", "--port", port, "medet.push.app:app", env=env)
            with serving(folder / "static", PUSH_PORT=port, SESSION_COOKIE_SECURE=False) as address:
                live.wait_until(lambda: _healthy(port), seconds=40, what=f"push is up\n{running.log('push')}")
                yield House(address, town, running)


def _healthy(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/push/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def speak(context: BrowserContext, house: House, language: str) -> BrowserContext:
    """The language chosen in this browser before anybody signs in."""
    context.add_cookies([{"name": "django_language", "value": language, "url": house.address}])
    return context


def sign_in_by_keys(page: Page, house: House, name: str, desk: str) -> None:
    """No hand on the mouse: the first field has the focus."""
    page.goto(house.address + desk)
    # A busy machine gives the focus a moment after the page.
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(f"tests-{name}")
    page.keyboard.press("Enter")
    page.wait_for_url(house.address + desk)
