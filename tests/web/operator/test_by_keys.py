"""The operator by the keyboard alone, the clinic on a phone, and the result back at the operator's: in Chromium."""

import pytest
from playwright.sync_api import expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.models import RobotStop
from medet.flows.hand_contact import hand_contact
from medet.flows.stop_robot import let_ring
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Answers, DueContact
from tests.web.barriers import barriers
from tests.web.browser import opened
from tests.web.conftest import NewContext
from tests.web.house import House, sign_in_by_keys, speak
from tests.web.round import ill

DESK = "/operator/"


def not_reached(house: House, name: str) -> int:
    """Somebody the robot did not reach today; the key of the person."""
    case = ill(house.town, now=clock.now(), family_name=name)
    with scope(WORKER):
        due = DueContact.objects.get(enrolment__case=case)
        hand_contact(due=due, reason="not_reached", by=WORKER, now=clock.now())
    return case.person_id


def of_person(model, key):
    with scope(WORKER):
        return [row for row in model.objects.order_by("pk") if row.person_id == key]


def test_answers_and_a_home_visit_by_keys_then_the_clinic_on_a_phone(house: House, new_context: NewContext) -> None:
    key = not_reached(house, "Серікбаева")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#main h1")).to_contain_text("Серікбаева")
        page.keyboard.press("t")
        expect(page.locator("#side")).to_contain_text("Задача у вас.")
        # A digit answers a question and goes on to the next one.
        for digit in "331112":
            page.keyboard.press(digit)
        page.get_by_label("SpO₂, %").focus()
        page.keyboard.type("91")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#flash")).to_contain_text("Ответы сохранены")
        expect(page.locator("#main")).to_contain_text("Одышка в покое")
        page.keyboard.press("a")
        expect(page.get_by_label("Куда")).to_be_visible()
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#flash")).to_contain_text("отправлен")
        [given], [visit] = of_person(Answers, key), of_person(HomeVisit, key)
        assert given.values["breath"] == "rest"
        assert (visit.urgency, visit.measures) == ("two_hours", {"spo2": "91"})
        clinic_by_thumb(house, new_context, visit)
        expect(page.locator("#queue")).to_contain_text("Остаётся дома", timeout=20_000)
        page.reload()
        page.keyboard.press("a")
        expect(page.locator("#side")).to_contain_text("ПЦР")
        page.keyboard.press("d")
        expect(page.locator("#flash")).to_contain_text("закрыт")
    [visit] = of_person(HomeVisit, key)
    assert visit.state == "closed"


def clinic_by_thumb(house: House, new_context: NewContext, visit: HomeVisit) -> None:
    """Accepted, assigned, under way, visited: taps only, and nothing outside the 390 pixels."""
    context = speak(new_context("kk", 390, 844, has_touch=True), house, "kk")
    with opened(context, f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "dana", "/clinic/")
        page.locator(f"#row-{visit.uid}").tap()
        expect(page.locator('a[href^="tel:"]')).to_have_count(1)
        page.get_by_role("button", name="Қабылдау").tap()
        page.get_by_label("Дәрігердің аты-жөні").fill("Сейітова Г.")
        page.locator("#form-assign button").tap()
        page.get_by_role("button", name="Жолға шықтым").tap()
        page.locator("#form-done label").first.tap()
        page.locator('#form-done label:has([value="yes"])').tap()
        page.locator("#form-done button").tap()
        expect(page.locator("#visit .box.green")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_red_row_comes_without_moving_the_focus(house: House, new_context: NewContext) -> None:
    """Over the real push process; what the operator types stays."""
    not_reached(house, "Бекова")
    with opened(speak(new_context(), house, "ru"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        expect(page.locator("#live-state")).to_have_text("На связи")
        page.get_by_role("link", name="Бекова").click()
        field = page.get_by_label("SpO₂, %")
        field.fill("9")
        ill(house.town, {"breath": "rest"}, now=clock.now(), family_name="Жаңабаева")
        expect(page.locator("#queue li", has_text="Жаңабаева")).to_contain_text("у врача")
        expect(field).to_be_focused()
        expect(field).to_have_value("9")


def let_ring_again(house: House) -> None:
    with scope(WORKER):
        stop = RobotStop.objects.get(state="stands")
        let_ring(stop=stop, why="tested", by=house.town.actor("saule", now=clock.now()), now=clock.now())


def test_f10_stops_the_robot_and_leaves_what_is_typed(house: House, new_context: NewContext) -> None:
    not_reached(house, "Тоқаева")
    with opened(speak(new_context(), house, "en"), f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        page.get_by_role("link", name="Тоқаева").click()
        field = page.get_by_label("SpO₂, %")
        field.fill("91")
        page.keyboard.press("F10")
        expect(page.locator("#flash")).to_contain_text("Every robot call is stopped.")
        expect(page.locator("#robot")).to_contain_text("Stopped by Aigerim Test")
        expect(page.locator("#robot [data-key=F10]")).to_have_count(0)
        expect(field).to_have_value("91")
        let_ring_again(house)
        page.goto(f"{house.address}/operator/new/")
        field = page.locator('[name="family_name"]')
        field.fill("Тоқаева")
        page.keyboard.press("F10")
        expect(page.locator("#robot")).to_contain_text("Stopped by Aigerim Test")
        expect(page).to_have_url(f"{house.address}/operator/new/")
        expect(field).to_have_value("Тоқаева")
    let_ring_again(house)


@pytest.mark.parametrize(("language", "width", "dark"), [("kk", 1366, False)])  # every look: make prove-pages
def test_no_barrier_and_nothing_sideways(
    house: House, new_context: NewContext, language: str, width: int, dark: bool
) -> None:
    key = not_reached(house, "Ниязова")
    context = speak(new_context(language, width, dark=dark, bypass_csp=True), house, language)
    with opened(context, f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "aigerim", DESK)
        address = page.locator("[data-worklist] a", has_text="Ниязова").first.get_attribute("href")
        for end in ("form=answers", "form=visit", "form=case"):
            page.goto(f"{house.address}{address}{'&' if '?' in str(address) else '?'}{end}")
            assert barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert key


@pytest.mark.parametrize(("language", "dark"), [("kk", True)])
def test_the_clinics_pages_have_no_barrier(house: House, new_context: NewContext, language: str, dark: bool) -> None:
    context = speak(new_context(language, 390, 844, dark=dark, bypass_csp=True), house, language)
    with opened(context, f"{house.address}/sign-in/") as page:
        sign_in_by_keys(page, house, "dana", "/clinic/")
        assert barriers(page) == []
        page.goto(house.address + "/clinic/?tab=ended")
        page.locator("[data-worklist] a").first.click()
        assert barriers(page) == []
        small = page.evaluate(
            "[...document.querySelectorAll('.panel :is(.btn, summary, select, textarea, .choices label)')]"
            ".filter(e => e.checkVisibility() && e.offsetHeight < 48).map(e => e.outerHTML.slice(0, 80))"
        )
        assert small == []
