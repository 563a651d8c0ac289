"""The robot's page in Chromium by keys alone: a campaign is looked at and started, a call shows up, a key stops all."""

from typing import Any

from playwright.sync_api import expect

from medet.base import clock
from medet.base.actor import ROBOT, WORKER, Actor
from medet.base.scope import scope
from medet.contacts.calls.actions import permit
from medet.contacts.calls.claim import claim
from medet.contacts.models import RobotStop
from medet.flows.stop_robot import let_ring
from tests.flows.test_campaigns import done_today
from tests.flows.test_day import LEASE, MANNERS
from tests.web.barriers import barriers
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak


def test_the_main_way_by_keys(house: House, new_context: NewContext, settings: Any) -> None:
    settings.CLOCK_OFFSET = float(house.running.env["MEDET_CLOCK_OFFSET"])  # noon: calls are made at any hour of ours
    with scope(WORKER):
        done_today(house.town, now=clock.now(), family_name="Ахметова")
    with opened(speak(new_context(bypass_csp=True), house, "en"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "saule", "/operator/")
        page.goto(f"{house.address}/centre/robot/")
        page.keyboard.press("n")
        page.wait_for_url("**/robot/new/")
        page.keyboard.press("s")
        expect(page.locator(".number")).to_have_text("1 person would be rung")
        page.locator("#id_name").focus()
        page.keyboard.type("Second round")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#flash")).to_contain_text("“Second round” has begun")
        row = page.locator(".calls tbody tr", has_text="Ахметова")
        expect(row).to_contain_text("Campaign: Second round")
        expect(row).to_contain_text("Not rung yet")
        assert barriers(page) == []
        expect(page.locator("#live-state.live-on")).to_be_visible()
        _ring(house)
        expect(row).to_contain_text("Ringing")
        page.keyboard.press("p")
        expect(page.locator("#flash")).to_contain_text("Robot calls: paused.")
        page.keyboard.press("F10")
        expect(page.locator("#stop")).to_contain_text("Every robot call is stopped. Stopped by Saule Test")
        assert barriers(page) == []
        with scope(WORKER):
            let_ring(stop=RobotStop.objects.get(), why="mended", by=_saule(house), now=clock.now())
        expect(page.locator("#stop .box")).to_have_count(0)


def _ring(house: House) -> None:
    """As the phone process does."""
    at = clock.now()
    with scope(ROBOT):
        [one] = claim(limit=1, worker="test", manners=MANNERS, lease=LEASE, now=at)
        assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=at)


def _saule(house: House) -> Actor:
    return house.town.actor("saule", now=clock.now())
