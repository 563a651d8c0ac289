"""Hotkeys by hand: with Russian letters on the keys, only outside fields, and switched off when somebody wants that."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import opened
from tests.web.conftest import NewContext


def press(page: Page, code: str, letter: str = "") -> None:
    """A key as a Russian layout sends it: the place (`code`) stays, the letter is another one."""
    session = page.context.new_cdp_session(page)
    event = {"type": "keyDown", "code": code, "key": letter, "text": letter}
    session.send("Input.dispatchKeyEvent", event)
    session.send("Input.dispatchKeyEvent", event | {"type": "keyUp", "text": ""})
    session.detach()


@pytest.fixture
def doctor(site: str, new_context: NewContext) -> Iterator[Page]:
    with opened(new_context("ru"), f"{site}/parts/doctor/") as page:
        yield page


def test_j_and_k_move_in_the_list_under_a_russian_layout(doctor: Page) -> None:
    press(doctor, "KeyJ", "о")
    expect(doctor.get_by_role("link", name="Қожахметов")).to_be_focused()
    press(doctor, "KeyJ", "о")
    press(doctor, "KeyK", "л")
    expect(doctor.get_by_role("link", name="Қожахметов")).to_be_focused()
    assert "person" not in doctor.url


def test_slash_goes_to_the_search(doctor: Page) -> None:
    press(doctor, "Slash", ".")
    expect(doctor.get_by_role("searchbox")).to_be_focused()


def test_a_conclusion_is_chosen_by_digits_alone(doctor: Page) -> None:
    press(doctor, "KeyC", "с")
    for digit in "324":
        press(doctor, f"Digit{digit}", digit)
    chosen = doctor.locator("input[type=radio]:checked").evaluate_all("inputs => inputs.map(i => i.value)")
    assert chosen[:3] == ["severe", "U07.2", "recovered"]
    press(doctor, "Digit2", "2")
    expect(doctor.get_by_label("положение на животе")).to_be_checked()


def test_letters_in_a_field_are_only_letters(doctor: Page) -> None:
    field = doctor.get_by_role("textbox", name="Лечение")
    field.fill("")
    field.press_sequentially("2jc/")
    assert field.input_value() == "2jc/"
    expect(field).to_be_focused()


def test_ctrl_enter_sends_the_form_in_hand(doctor: Page) -> None:
    doctor.get_by_role("textbox", name="Лечение").focus()
    with doctor.expect_response(lambda answer: answer.request.method == "POST") as sent:
        doctor.keyboard.press("Control+Enter")
    assert "severity=moderate" in (sent.value.request.post_data or "")
    assert "then=visit" not in (sent.value.request.post_data or "")


@pytest.mark.parametrize(("key", "then"), [("F8", "visit"), ("F9", "end")])
def test_one_key_records_and_goes_on(doctor: Page, key: str, then: str) -> None:
    doctor.get_by_role("textbox", name="Лечение").focus()
    with doctor.expect_response(lambda answer: answer.request.method == "POST") as sent:
        press(doctor, key)
    assert f"then={then}" in (sent.value.request.post_data or "")


def test_f6_goes_round_the_parts(doctor: Page) -> None:
    names = []
    for _ in range(5):
        press(doctor, "F6")
        names.append(doctor.evaluate("document.activeElement.id || document.activeElement.localName"))
    assert names == ["header", "queue", "main", "side", "footer"]


def test_the_sheet_is_made_from_the_page(doctor: Page) -> None:
    press(doctor, "Slash", "?")
    sheet = doctor.get_by_role("dialog")
    expect(sheet).to_be_visible()
    assert {"История", "Степень тяжести: тяжёлая", "Записать и отправить актив"} <= set(
        sheet.locator("dt").all_inner_texts()
    )


def test_single_keys_can_be_switched_off_for_good(doctor: Page) -> None:
    press(doctor, "Slash", "?")
    doctor.locator("#keys-single").uncheck()
    doctor.get_by_role("button", name="Закрыть", exact=True).click()
    doctor.reload()
    press(doctor, "KeyJ", "о")
    expect(doctor.get_by_role("link", name="Қожахметов")).not_to_be_focused()
    press(doctor, "F6")
    expect(doctor.locator("header")).to_be_focused()
