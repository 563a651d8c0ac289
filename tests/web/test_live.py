"""A page that hears of changes: it asks once for many, keeps what somebody types, and says when it hears nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django import Settings

from tests.web.conftest import NewContext
from tests.web.events import Stream, streaming


@pytest.fixture
def stream(settings: Settings) -> Iterator[Stream]:
    with streaming() as stream:
        settings.PUSH_PORT = str(stream.port)
        yield stream


@pytest.fixture
def desk(site: str, stream: Stream, new_context: NewContext) -> Page:
    page = new_context("ru").new_page()
    page.goto(f"{site}/parts/operator/?live=1")
    assert stream.listening.wait(5)
    expect(page.locator("#live-state")).to_have_text("На связи")
    return page


def test_twenty_changes_at_once_are_one_question(desk: Page, stream: Stream) -> None:
    asked: list[Request] = []
    desk.on("request", lambda request: asked.append(request) if request.headers.get("hx-target") == "queue" else None)
    with desk.expect_response(lambda answer: answer.request.headers.get("hx-target") == "queue"):
        for number in range(20):
            stream.say("alert.opened", str(number))
    assert len(asked) <= 2


def test_a_change_never_takes_away_what_somebody_types(desk: Page, stream: Stream) -> None:
    field = desk.get_by_role("textbox", name="Участковому врачу")
    field.fill("Пишу…")
    desk.locator("#queue-scroll").evaluate("part => { part.scrollTop = 40 }")
    desk.evaluate("document.querySelector('#queue h2').textContent = 'old'")
    stream.say("task.opened")
    expect(desk.locator("#queue h2")).to_have_text("Ждут нас")
    expect(field).to_have_value("Пишу…")
    expect(field).to_be_focused()
    assert desk.locator("#queue-scroll").evaluate("part => part.scrollTop") == 40


def test_the_focus_stays_in_the_list_when_it_is_asked_anew(desk: Page, stream: Stream) -> None:
    desk.get_by_role("link", name="Ким Елена").focus()
    desk.evaluate("document.querySelector('#queue h2').textContent = 'old'")
    stream.say("task.opened")
    expect(desk.locator("#queue h2")).to_have_text("Ждут нас")
    expect(desk.get_by_role("link", name="Ким Елена")).to_be_focused()


def test_a_lost_connection_is_said_aloud_and_the_page_asks_by_itself(desk: Page, stream: Stream) -> None:
    desk.clock.install()
    stream.fall()
    expect(desk.locator("#live-state")).to_have_text("Нет связи")
    desk.clock.run_for(3_500)
    expect(desk.get_by_role("alert").filter(has_text="Связь потеряна")).to_be_visible()
    assert "{time}" not in desk.locator("#live-lost").inner_text()
    with desk.expect_response(lambda answer: answer.request.headers.get("hx-target") == "queue"):
        desk.clock.run_for(15_500)


def test_a_page_that_nobody_can_see_says_so_and_asks_again_when_somebody_looks(desk: Page, stream: Stream) -> None:
    def asked_by(act: Callable[[], object]) -> str | None:
        with desk.expect_request(lambda request: request.headers.get("hx-target") == "queue") as found:
            act()
        found.value.response()
        return found.value.headers.get("medet-unseen")

    assert asked_by(lambda: stream.say("task.opened")) is None
    desk.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    assert asked_by(lambda: stream.say("task.opened")) == "1"
    look = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
    assert asked_by(lambda: desk.evaluate(look)) is None
    desk.evaluate("document.getElementById('queue').parentElement.style.display = 'none'")
    assert asked_by(lambda: stream.say("task.opened")) == "1", "a part that is not there is not seen either"


def test_deadlines_go_on_by_themselves(site: str, new_context: NewContext) -> None:
    page = new_context("ru").new_page()
    page.clock.install()
    page.goto(f"{site}/parts/operator/")
    pill = page.get_by_role("link", name="Ким Елена").locator(".due")
    expect(pill).to_have_text("через 8 мин")
    page.clock.run_for(3 * 60_000)
    expect(pill).to_have_text("через 5 мин")
    page.route("**/*", lambda route: route.abort())
    page.clock.run_for(6 * 60_000)
    expect(pill).to_have_text("просрочено 0 мин")
    expect(pill).to_have_class("pill due red")


def test_the_title_counts_what_is_urgent(site: str, new_context: NewContext) -> None:
    page = new_context("ru").new_page()
    page.goto(f"{site}/parts/operator/")
    expect(page).to_have_title("(3) Серікбаева Әсел Нұрланқызы · Medet")
