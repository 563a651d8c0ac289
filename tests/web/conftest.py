"""One server and one browser a file of tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.web.browser import chromium, serving

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
