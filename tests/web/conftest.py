"""One server and one browser a file of tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext

from tests import make
from tests.database import TestDatabases
from tests.web.browser import chromium, serving
from tests.web.house import House
from tests.web.house import house as whole_house

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the showcase; it needs no database."""
    with serving(tmp_path_factory.mktemp("static")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def house(
    browser: Browser, databases: TestDatabases, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Pages with a committed database and the push process; not together with `db` in one file.

    The browser comes first: its event loop gives this thread other connections, which must be closed while it runs.
    """
    with django_db_blocker.unblock(), whole_house(databases, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """A fresh profile: `new_context("kk", 390, dark=True)`."""
    made: list[BrowserContext] = []

    def new(
        language: str = "ru", width: int = 1366, height: int = 768, *, dark: bool = False, **more: Any
    ) -> BrowserContext:
        scheme: Any = "dark" if dark else "light"
        size: Any = {"width": width, "height": height}
        made.append(browser.new_context(viewport=size, locale=language, color_scheme=scheme, **more))
        return made[-1]

    yield new
    for context in made:
        context.close()


@pytest.fixture
def pages(db: None, settings: Any) -> Iterator[None]:
    """Pages through Django's client: noon of a Monday in Almaty, files from where they lie."""
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN_FILES}}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = settings.SHOWCASE = True
    with time_machine.travel(make.NOON, tick=True):
        yield


@pytest.fixture
def town(pages: None, cast: make.City) -> make.City:
    """The cast. The worker's eyes are closed: a view sees only what its own scope shows."""
    return cast
