"""The clinic's telephone in hand: a PIN is set, it locks, a colleague opens it, and the move bears the right name."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from medet.base import clock
from medet.base.actor import WORKER
from medet.base.models import AuditEntry, JournalEntry
from medet.base.scope import scope
from medet.flows.request_visit import VisitWish, request_visit
from medet.handovers.models import HomeVisit
from medet.staff.actions import choose_language, set_password
from medet.staff.states import Role
from tests import make
from tests.web.browser import Faults
from tests.web.conftest import NewContext
from tests.web.house import House, speak

MINE, HERS = "473829", "907142"


def enters_by_password(page: Page, name: str) -> None:
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(f"tests-{name}")
    page.locator("main [type=submit]").tap()


def sets_pin(page: Page, name: str, pin: str) -> None:
    for field, text in (("pin", pin), ("again", pin), ("password", f"tests-{name}")):
        page.locator(f"[name={field}]").fill(text)
    page.locator("main [type=submit]").tap()
    expect(page.locator("#flash .green")).to_contain_text("ПИН-код задан")


def locks(page: Page) -> None:
    page.get_by_role("button", name="Заблокировать телефон").tap()
    expect(page.get_by_role("heading", name="Duty")).to_be_visible()


def opens(page: Page, who: str, pin: str) -> None:
    """A tap on the name, then the digits: the field is in hand."""
    page.get_by_text(who).tap()
    expect(page.locator("[name=pin]")).to_be_focused()
    page.keyboard.type(pin)
    page.keyboard.press("Enter")


def asked(house: House) -> HomeVisit:
    now = clock.now()
    with scope(WORKER):
        case = make.observed(house.town, make.person(house.town, now=now), now=now).case
        wish = VisitWish(reason="worsening", urgency="today")
        return request_visit(case=case, wish=wish, by=house.town.actor("aigerim", now=now), now=now)


@pytest.mark.timeout(120)
def test_the_telephone_goes_from_hand_to_hand(house: House, new_context: NewContext) -> None:
    town = house.town
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.CLINIC_RECEIVER, town.clinic), now=clock.now())
        set_password(user=town.users["zarina"], password="tests-zarina", by=WORKER, now=clock.now())
        for name in ("dana", "zarina"):
            choose_language(user=town.users[name], language="ru", by=WORKER, now=clock.now())
    context = speak(new_context("ru", 390, 844, has_touch=True), house, "ru")
    page, faults = context.new_page(), Faults()
    faults.listen(page)
    page.clock.install()

    page.goto(house.address + "/clinic/")
    enters_by_password(page, "dana")
    page.locator(".end > .menu summary").tap()
    page.get_by_role("link", name="Этот телефон общий").tap()
    page.locator("[name=name]").fill("Duty")
    sets_pin(page, "dana", MINE)

    locks(page)
    page.get_by_role("link", name="Войти по паролю").tap()
    enters_by_password(page, "zarina")
    page.get_by_role("link", name="Задайте свой ПИН-код").tap()
    sets_pin(page, "zarina", HERS)

    locks(page)
    expect(page.locator("#waiting")).to_have_text("Новых вызовов нет")
    visit = asked(house)
    page.clock.run_for(21_000)
    expect(page.locator("#waiting")).to_have_text("1 новый вызов")
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    assert not Session.objects.exists()

    opens(page, "Dana Test", MINE)
    page.get_by_role("link", name="Серікбаева").tap()
    page.get_by_role("button", name="Принять").tap()
    expect(page.locator("#flash .green")).to_be_visible()
    expect(page.locator("#form-assign")).to_be_visible()
    moved = JournalEntry.objects.filter(object_uid=visit.uid).exclude(by_user_id=town.users["aigerim"].pk)
    assert set(moved.values_list("by_user_id", flat=True)) == {town.users["dana"].pk}
    read = AuditEntry.objects.filter(action="read", object_uid=visit.uid).values_list("by_user_id", flat=True)
    assert set(read) == {town.users["dana"].pk}

    still_here(page)
    left_on_the_desk(page)
    expect(page).to_have_url(re.compile(r"/locked/\?next="))
    page.go_back()
    expect(page.get_by_role("heading", name="Duty")).to_be_visible()
    expect(page.get_by_text("Серікбаева")).to_have_count(0)

    opens(page, "Zarina Test", HERS)
    page.wait_for_url(house.address + reverse("clinic:visit", args=[visit.uid]))
    assert faults == []


def still_here(page: Page) -> None:
    """It says that it will lock; somebody who writes stays, and is known on the server to be there."""
    page.clock.run_for(275_000)
    expect(page.locator("#toasts p")).to_contain_text("полминуты")
    page.locator("#assignform-name, [name=assignform-name]").first.focus()
    with page.expect_response("**/here/") as answer:
        page.keyboard.type("С")
    assert answer.value.status == 204
    expect(page.locator("#toasts p")).to_have_count(0)
    page.clock.run_for(120_000)
    expect(page.locator("#form-assign")).to_be_visible()


def left_on_the_desk(page: Page) -> None:
    """Nobody touches it: what stood there is gone, in the browser and on the server."""
    page.clock.run_for(300_000)
    expect(page.get_by_role("heading", name="Duty")).to_be_visible()
    assert not Session.objects.exists()
