"""One server and one browser a file of tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext

from medet.base.actor import WORKER
from medet.base.scope import scope
from tests import make
from tests.web.browser import chromium, serving

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
def town(pages: None) -> make.City:
    """The cast. The worker's eyes are closed again: a view sees only what its own scope shows."""
    with scope(WORKER):
        return make.city()
