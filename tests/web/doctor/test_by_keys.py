"""The doctor's desk in Chromium: by keys only, live, without barriers, and also without scripts."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.handovers.models import HomeVisit
from medet.records.models import Conclusion
from tests.web.barriers import barriers
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak
from tests.web.round import WORSE, ill

DESK = "/doctor/"
MEASURED = {"spo2": "91", "temperature": "38.4"}


def worse(house: House, name: str) -> int:
    """A new patient with a danger sign; the key of the person."""
    return ill(house.town, WORSE | MEASURED, family_name=name, now=clock.now()).person_id


def of_person(model, key):
    with scope(WORKER):
        return [row for row in model.objects.order_by("pk") if row.person_id == key]


def test_a_home_visit_by_keys_alone(house: House, new_context: NewContext) -> None:
    """Sign in, J, Enter, C, a digit, F8."""
    key = worse(house, "Серікбаева")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "serik", DESK)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#main h1")).to_contain_text("Серікбаева")
        page.keyboard.press("c")
        page.keyboard.press("4")
        page.keyboard.press("F8")
        expect(page.locator("#side")).to_contain_text("Нужен визит врача на дом")
        expect(page.locator("#flash")).to_contain_text("актив отправлен")
        expect(page.locator("#queue")).not_to_contain_text("Серікбаева")
    [visit], [signed] = of_person(HomeVisit, key), of_person(Conclusion, key)
    assert (visit.urgency, signed.severity, signed.outcome) == ("two_hours", "severe", "home_visit")


def test_a_fault_comes_back_with_everything_typed(house: House, new_context: NewContext) -> None:
    key = worse(house, "Аманова")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "serik", DESK)
        page.get_by_role("link", name="Аманова").click()
        expect(page.locator("#main h1")).to_contain_text("Аманова")
        page.keyboard.press("t")
        page.keyboard.type("Парацетамол")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".summary")).to_be_focused()
        expect(page.get_by_role("textbox", name="Лечение")).to_have_value("Парацетамол")
    assert of_person(Conclusion, key) == []


def test_a_new_danger_sign_stands_in_the_open_list(house: House, new_context: NewContext) -> None:
    """Over the real push process; what the doctor types stays."""
    worse(house, "Бекова")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "serik", DESK)
        expect(page.locator("#live-state")).to_have_text("На связи")
        page.get_by_role("link", name="Бекова").click()
        expect(page.locator("#main h1")).to_contain_text("Бекова")
        for key in "c21=":  # the twelfth outcome has its key too
            page.keyboard.press(key)
        expect(page.locator("input[name=outcome][value=refused]")).to_be_checked()
        page.get_by_role("textbox", name="Лечение").fill("Пишу")
        for _ in range(2):
            page.get_by_role("button", name="Обильное тёплое питьё.").click()
        expect(page.get_by_role("textbox", name="Лечение")).to_have_value("Пишу Обильное тёплое питьё.")
        worse(house, "Жаңабаева")
        expect(page.locator("#queue")).to_contain_text("Жаңабаева")
        expect(page.get_by_role("textbox", name="Лечение")).to_have_value("Пишу Обильное тёплое питьё.")
        expect(page.get_by_role("textbox", name="Лечение")).to_be_focused()


@pytest.mark.parametrize(("language", "width", "dark"), [("ru", 390, True)])  # every look: make prove-pages
def test_no_barrier_and_nothing_sideways(
    house: House, new_context: NewContext, language: str, width: int, dark: bool
) -> None:
    worse(house, "Ниязова")
    context = speak(new_context(language, width, dark=dark, bypass_csp=True), house, language)
    with opened(context, f"{house.address}/sign-in/") as page:
        assert barriers(page) == []
        sign_in_by_keys(page, house, "serik", DESK)
        assert barriers(page) == []
        for link in ("[data-worklist] a", "a[href*=timeline]"):
            page.goto(house.address + str(page.locator(link).first.get_attribute("href")))
            assert barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_works_without_scripts(house: House, new_context: NewContext) -> None:
    worse(house, "Жұмабаева")
    page = speak(new_context(java_script_enabled=False), house, "ru").new_page()
    page.goto(house.address + DESK)
    page.get_by_label("Имя пользователя").fill("serik")
    page.get_by_label("Пароль").fill("tests-serik")
    page.get_by_role("button", name="Войти").click()
    page.get_by_role("link", name="Жұмабаева").click()
    page.get_by_role("link", name="Показать").click()
    assert re.search(r"\d{12}", page.locator("#iin").inner_text())
    page.go_back()
    page.get_by_role("button", name="Взять себе").click()
    page.get_by_role("button", name="актив").click()
    assert "актив отправлен" in page.locator("#flash").inner_text()


def test_a_click_that_led_nowhere_says_so(house: House, new_context: NewContext) -> None:
    """No network, a fault of ours, a closed page, and a session that is over."""
    worse(house, "Оспанова")
    page = speak(new_context(), house, "ru").new_page()
    sign_in_by_keys(page, house, "serik", DESK)
    row = page.get_by_role("link", name="Оспанова")
    address = "**" + str(row.get_attribute("href"))
    page.route(address, lambda route: route.abort())
    row.click()
    expect(page.locator("#flash")).to_contain_text("ничего не изменено")
    page.unroute(address)
    page.route(address, lambda route: route.fulfill(status=500))
    row.click()
    expect(page.locator("#flash").get_by_role("alert")).to_have_count(1)
    page.unroute(address)
    # Ended where sessions are kept: a page that refreshes itself meanwhile would bring a cleared cookie back.
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    Session.objects.get(session_key=key).delete()
    row.click()
    page.wait_for_url("**/sign-in/?next=*")
