"""The newcomer's walk in one language; `python -m tests.prove.walk` walks in two."""

from pathlib import Path

import pytest

from tests.prove.walk import served, walk
from tests.supervisor.conftest import open_folder  # noqa: F401 -- a fixture
from tests.web.browser import chromium


@pytest.mark.timeout(400)  # a whole installation from nothing, and two telephone calls
def test_everything_after_make_serve_is_done_in_the_browser(open_folder: Path) -> None:  # noqa: F811
    with chromium() as browser, served(open_folder) as here:
        took = walk(browser, here, "kk")
    assert list(took)[-1] == "report"
