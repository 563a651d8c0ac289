"""The rota and the end of a shift in Chromium: without barriers, inside the window, and by keys alone."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.staff.rota.actions.planning import Planned, Wanted, plan_duty, put_need
from medet.staff.rota.models import Duty, Shift
from medet.staff.rota.rules import span
from medet.staff.states import Role
from tests.web.barriers import barriers
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak

NIGHT = time(20), time(8)
ROTA, SHIFTS, SHIFT = "/centre/rota/?role=operator", "/centre/shifts/", "/centre/shift/"


@pytest.fixture(scope="module")
def week(house: House) -> Duty:
    """A night for Aigerim in two days, where two are needed."""
    now, town = clock.now(), house.town
    day = clock.local_day(now) + timedelta(days=2)
    starts_at, ends_at = span(day, *NIGHT, clock.LOCAL)
    with scope(WORKER):
        wanted = Wanted(role=Role.OPERATOR, weekdays=range(1, 8), starts=NIGHT[0], ends=NIGHT[1], count=2)
        put_need(organisation=town.centre, wanted=wanted, valid_from=clock.local_day(now), by=WORKER, now=now)
        planned = Planned(
            user=town.users["aigerim"],
            role=Role.OPERATOR,
            organisation=town.centre,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        return plan_duty(planned=planned, by=WORKER, now=now)


@pytest.mark.parametrize(("language", "width", "dark"), [("en", 390, True)])  # every look: make prove-pages
def test_pages_have_no_barrier_and_stay_inside_the_window(
    house: House, week: Duty, new_context: NewContext, language: str, width: int, dark: bool
) -> None:
    context = speak(new_context(language, width, dark=dark, bypass_csp=True), house, language)
    with opened(context, f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "saule", "/operator/")
        for path in (ROTA, f"{ROTA}&duty={week.uid}", SHIFTS, SHIFT):
            page.goto(house.address + path)
            assert barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_gap_is_planned_by_keys_alone(house: House, week: Duty, new_context: NewContext) -> None:
    """From the strip: the link fills in day and hours; P chooses who, Ctrl and Enter sends."""
    with opened(speak(new_context(), house, "en"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "saule", "/operator/")
        page.goto(house.address + ROTA)
        line = page.locator(".gaps li", has_text="Operator: 1 missing").last
        expect(line).to_be_visible()
        line.get_by_role("link").press("Enter")
        expect(page.get_by_role("textbox", name="From")).to_have_value("20:00")
        page.keyboard.press("p")
        page.keyboard.type("Marat")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#flash")).to_contain_text("Marat Test is planned.")
        page.keyboard.press("c")
        expect(page.locator("#flash")).to_contain_text("copied to the next week")
    with scope(WORKER):
        assert Duty.objects.filter(user=house.town.users["marat"], starts_at=week.starts_at).exists()


def test_a_shift_begins_and_ends_on_the_desk(house: House, new_context: NewContext) -> None:
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "serik", "/doctor/")
        page.get_by_role("button", name="Начать смену").click()
        expect(page.locator(".menu .pill").first).to_contain_text("На смене с")
        page.goto(house.address + SHIFT)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#flash")).to_contain_text("Смена окончена")
    with scope(WORKER):
        assert Shift.objects.get(user=house.town.users["serik"]).ended_at
