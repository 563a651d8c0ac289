"""The small form of `make prove-pages`: nothing is left out, some scenes are clean, and the judge sees faults."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.database import TestDatabases
from tests.pages.house import site_of
from tests.pages.looking import MEASURES, Site, barriers, looked
from tests.pages.scenes import SCENES, Scene, covered, wanted
from tests.web.browser import chromium

BY_NAME = {scene.name: scene for scene in SCENES}
# One of every kind of page, each in another language; all of them in all ways are in `prove`.
SAMPLE = (
    ("sign-in, refused", "kk"),
    ("operator, visit of danger", "kk"),
    ("operator, address empty", "ru"),
    ("doctor, conclusion empty", "kk"),
    ("clinic, done empty", "ru"),
    ("clinic, under observation, unfolded", "kk"),
    ("not there", "en"),
)
PLANTED = """
<style>.small { display: block; width: 20px; height: 20px; }
.cut { width: 3em; overflow: hidden; white-space: nowrap; }</style>
<button class="small" aria-label="x"></button> <p class="cut">Жоғалып кеткен ұзын сөздер</p> <p>Save the answers</p>
<p>not_reached</p> <p style="width: 3000px">кең</p> <img src="x.png">
<input style="width: 3em" aria-label="y" value="ұзын мән">
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """First: its event loop gives this thread other connections."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(
    browser: Browser, databases: TestDatabases, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with django_db_blocker.unblock(), site_of(databases, tmp_path_factory.mktemp("pages")) as site:
        yield site


def test_every_address_has_its_scene_for_every_role() -> None:
    """Add what is named here to tests/pages/scenes.py."""
    assert sorted(wanted() - covered(), key=str) == []
    assert len(BY_NAME) == len(SCENES)


def test_a_new_address_and_a_new_role_are_named() -> None:
    new = {"records:export": frozenset({"doctor"}), "web:sign_in": frozenset({"station_worker"})}
    assert wanted(new) - covered() == {("records:export", "doctor"), ("web:sign_in", "station_worker")}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "language"), SAMPLE)
def test_a_page_has_no_fault_in_any_look(site: Site, browser: Browser, name: str, language: str) -> None:
    look = looked(site, browser, BY_NAME[name], language)
    assert look.faults == []
    assert look.looks >= 4
    assert BY_NAME[name].path or BY_NAME[name].address in look.reached


def test_a_wrong_answer_is_a_fault(site: Site, browser: Browser) -> None:
    scene = Scene(name="planted", address="web:home", path="/no-such-page/", who="operator")
    assert any("not 200" in fault for fault in looked(site, browser, scene, "kk").faults)


def test_the_judge_sees_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_content(f'<html lang="kk"><title>x</title><body>{PLANTED}</body></html>')
    found = "\n".join([*barriers(page), *page.evaluate(f"({MEASURES})({{target: 24, latin: ['Medet']}})")])
    page.close()
    for fault in (
        "axe image-alt",
        "wider than its window",
        "target of 20 px",
        "cut off",
        "English word: Save",
        "raw key: “not_reached”",
        "words longer than the field",
    ):
        assert fault in found
