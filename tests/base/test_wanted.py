"""The search box tells numbers from names and says at once what is wrong with a number."""

import pytest

from medet.base import wanted
from medet.base.refused import Refused
from medet.base.wanted import Wanted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("850315 300019", Wanted(iin="850315300019")),
        ("8 701 123 45 67", Wanted(phone="+77011234567")),
        ("+998 90 123 45 67", Wanted(phone="+998901234567")),
        ("Ахметов Болат", Wanted(words=(("ахметов",), ("болат",)))),
        ("", Wanted()),
        (" - ", Wanted()),
    ],
)
def test_reads(typed, meant):
    assert wanted.read(typed) == meant


def test_wrong_keyboard_and_latin_are_offered_too():
    assert wanted.read("F[vtnjd").words[0][1] == "ахметов"
    assert wanted.read("Akhmetov").words[0][0] == "ахметов"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("850315300018", "iin.check_digit"), ("2501234", "phone.country_code"), ("+7 701", "phone.length")],
)
def test_a_mistyped_number_is_refused(typed, code):
    with pytest.raises(Refused) as refusal:
        wanted.read(typed)
    assert refusal.value.code == code
