"""Debian's Chromium and a real server of our pages, for tests that need eyes and hands."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from unittest import mock
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.needs import needs
from tests.standing import standing

# Four processes of tests on two cores: how fast a page follows is measured in `make prove-loop`, and not here.
expect.set_options(timeout=20_000)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """A thread lives for one browser connection; its connection to the database ends with it."""
        super().process_request_thread(request, client_address)
        connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the browser tells what failed."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Its driver keeps an event loop in this thread, so Django must be told that this is no async code."""
    standing.take_away()  # beside an event loop this thread has other connections
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=needs("chromium"), args=FLAGS)
        yield browser
        browser.close()
        standing.take_away()


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[str]:
    """Our pages with collected, hashed files as in real life; yields the address."""
    with override_settings(STATIC_ROOT=folder, SHOWCASE=True, **settings):
        call_command("collectstatic", "--noinput", verbosity=0)
        server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Faults(list[str]):
    """What a page complained about: scripts, content policy, missing files."""

    def listen(self, page: Page) -> None:
        """Collect from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        # A form that comes back with its faults is an answer; the browser writes a line about it all the same.
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            self.append(message.text)


@contextmanager
def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that must not have complained when it is closed."""
    page, faults = context.new_page(), Faults()
    faults.listen(page)
    page.goto(address)
    yield page
    page.close()
    assert faults == []
