"""A person is found and opened without a mouse, with Russian letters on the keys; and by thumb."""

from playwright.sync_api import Page, expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from tests import make
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak
from tests.web.test_keys import press

DESK = "/operator/"


def people(house: House, *families: str) -> None:
    with scope(WORKER):
        for family in families:
            make.person(house.town, family_name=family, now=clock.now())


def search(page: Page, words: str) -> None:
    press(page, "Slash", ".")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


def test_slash_words_arrows_enter(house: House, new_context: NewContext) -> None:
    people(house, "Қожабекова", "Қожабергенова", "Қожагелдиева")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        search(page, "rj;f")
        rows = page.locator("[data-worklist] a")
        expect(rows).to_have_count(3)
        expect(rows.first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main h1")).to_contain_text("Қожабергенова")
        assert "rj" not in page.url


def test_by_thumb(house: House, new_context: NewContext) -> None:
    people(house, "Рахимбаева")
    context = new_context("kk", 390, 844, has_touch=True)
    with opened(speak(context, house, "kk"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        page.get_by_role("searchbox").tap()
        page.keyboard.insert_text("rahimbaeva 59")
        page.keyboard.press("Enter")
        row = page.get_by_role("link", name="Рахимбаева Ә.")
        expect(row).to_contain_text("1959 жылы туған")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        row.tap()
        expect(page.locator("#main h1")).to_contain_text("Рахимбаева")
