"""A site with a database of its own for tests in a real browser: everything is committed, as in life."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext

from medet.base.actor import WORKER
from medet.base.scope import scope
from tests import make
from tests.web.browser import serving


@contextmanager
def city_site(folder: Path, *, now: datetime) -> Iterator[tuple[str, make.City]]:
    """The address and the cast; ask for the fixture `live_database` first."""
    with scope(WORKER):
        town = make.city(now=now)
    with serving(folder) as address:
        yield address, town


def sign_in(context: BrowserContext, address: str, town: make.City, name: str) -> None:
    """A session without the sign-in page, which has its own tests."""
    user, session = town.users[name], SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": address}])
