"""The form of a new case in Chromium: only who it is and where they live is asked about while one types."""

from playwright.sync_api import Page, Request, expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from tests import make
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak


def paused(page: Page) -> None:
    """Whoever types thinks for a second; what that sets off has left the page."""
    page.clock.run_for(1000)
    page.evaluate("1")


def test_complaints_and_neighbours_search_for_nobody(house: House, new_context: NewContext) -> None:
    with scope(WORKER):
        make.person(house.town, family_name="Оразалиева", now=clock.now())
    asked: list[Request] = []
    with opened(speak(new_context(), house, "en"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", "/operator/")
        page.clock.install()
        page.goto(f"{house.address}/operator/new/")
        page.on("request", lambda request: asked.append(request) if request.url.endswith("/alike/") else None)
        page.locator('[name="family_name"]').fill("Оразали")
        paused(page)
        expect(page.locator("#alike")).to_contain_text("Оразалиева")
        assert len(asked) == 1
        for radio in ('[name="sex"][value="female"]', '[name="severity"][value="moderate"]', '[name="breath"]'):
            page.locator(radio).first.check(force=True)
            paused(page)
        for field in ("temperature", "near_name_0", "near_number_0", "note"):
            page.locator(f'[name="{field}"]').fill("38")
            paused(page)
        assert len(asked) == 1
        page.locator('[name="district"]').select_option(index=1)
        page.locator('[name="street"]').fill("Абая")
        paused(page)
        expect(page.locator("#alike")).to_contain_text("Clinic 17")
        assert len(asked) == 2
