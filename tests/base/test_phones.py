"""Telephone numbers: what people in Kazakhstan type, and one clear reason for what cannot be dialled."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.base import phones
from medet.base.refused import SENTENCES, Refused


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("8 701 123 45 67", "+77011234567"),
        ("87011234567", "+77011234567"),
        ("+7 (701) 123-45-67", "+77011234567"),
        ("7011234567", "+77011234567"),
        ("77011234567", "+77011234567"),
        ("727 250 12 34", "+77272501234"),
        ("8 (7172) 70-12-34", "+77172701234"),
        ("+998 90 123 45 67", "+998901234567"),
        ("8 10 998 90 123 45 67", "+998901234567"),
    ],
)
def test_typed_forms(typed, e164):
    assert phones.parse(typed) == e164


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone.empty"),
        ("   ", "phone.empty"),
        ("nobody", "phone.digits"),
        ("250 12 34", "phone.country_code"),
        ("123 45 67", "phone.country_code"),
        ("103", "phone.country_code"),
        ("998901234567", "phone.country_code"),
        ("+999123", "phone.country_code"),
        ("+7 701 123 45 6", "phone.length"),
        ("+", "phone.length"),
        ("+7 000 000 00 00", "phone.not_in_use"),
        ("8 727 250 12 34 доб. 5", "phone.extension"),
    ],
)
def test_refusals(typed, code):
    with pytest.raises(Refused) as refusal:
        phones.parse(typed)
    assert refusal.value.code == code
    assert code in SENTENCES


@given(st.integers(0, 9_999_999), st.sampled_from(["700", "701", "705", "707", "747", "771", "775", "777"]))
def test_every_way_of_typing_gives_one_number(rest, operator):
    national = f"{operator}{rest:07}"
    spaced = f"{national[:3]} {national[3:6]}-{national[6:8]}-{national[8:]}"
    forms = {phones.parse(f"{prefix}{body}") for prefix in ("8", "+7", "7", "") for body in (national, spaced)}
    assert forms == {f"+7{national}"}
    assert phones.parse(phones.display(f"+7{national}")) == f"+7{national}"


@given(st.text(max_size=25))
def test_any_text_gives_a_number_or_a_refusal(text):
    """No other exception ever reaches the page."""
    with contextlib.suppress(Refused):
        assert phones.parse(text).startswith("+")


def test_display_and_mask():
    assert phones.display("+77011234567") == "+7 701 123 45 67"
    assert phones.masked("+77011234567") == "+7 701 ••• •• 67"
    assert phones.display("+998901234567") == "+998 90 123 45 67"
    assert phones.masked("+998901234567") == "+998 90 ••• •• 67"
    assert phones.display("1001") == "1001"


@pytest.mark.parametrize("form", ["+7{0}1234567", "8 ({0}) 123-45-67", "8{0}1234567", "+7 {0} 123 45 67", "{0}1234567"])
def test_the_glance_and_the_library_agree_on_every_code(form, monkeypatch):
    """A mobile number is read at a glance; for each of the thousand codes the whole library says the same."""

    def read(code):
        with contextlib.suppress(Refused):
            return phones.parse(form.format(code))
        return ""

    codes = [f"{code:03d}" for code in range(1000)]
    glance = [read(code) for code in codes]
    monkeypatch.setattr(phones, "_mobile", lambda typed: "")
    assert glance == [read(code) for code in codes]
    assert sum(map(bool, glance)) > 10
