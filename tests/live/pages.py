"""Medet's pages and push as real processes, and people of the cast in front of their browsers."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.live.running import ROOT, Running, free_port, wait_until
from tests.web.browser import Faults


def serve(running: Running) -> str:
    """Starts web and push; the address of the pages."""
    web, push = free_port(), free_port()
    running.env |= {"MEDET_PUSH_PORT": str(push), "MEDET_HTTPS": "0"}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=running.env, check=True)
    pages = (
        f"granian --host 127.0.0.1 --port {web} --interface wsgi --no-ws --blocking-threads 4 medet.wsgi:application"
    )
    running.start("web", "-m", *pages.split())
    running.start("push", "-m", "uvicorn", "--port", str(push), "medet.push.app:app")
    wait_until(lambda: _up(f"http://127.0.0.1:{web}/sign-in/"), seconds=60, what=f"pages\n{running.log('web')}")
    wait_until(lambda: _up(f"http://127.0.0.1:{push}/push/health"), seconds=60, what=f"push\n{running.log('push')}")
    return f"http://127.0.0.1:{web}"


def _up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def at_desk(browser: Browser, address: str, name: str, *, width: int = 1366, height: int = 768) -> Iterator[Page]:
    """Somebody of the cast signed in; the page must not have complained when it is left."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page, faults = context.new_page(), Faults()
    faults.listen(page)
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", f"tests-{name}")
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/(operator|doctor|clinic)/"))
    yield page
    context.close()
    assert faults == [], (name, faults)
