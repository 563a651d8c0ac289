"""The search box tells numbers from names, and dates from both."""

from datetime import date

import pytest

from medet.base import wanted
from medet.base.wanted import Wanted
from tests.refusing import refused

TODAY = date(2026, 11, 23)
YEAR_59 = ((date(1959, 1, 1), date(1959, 12, 31)),)
DAY = ((date(1959, 4, 12), date(1959, 4, 12)),)


def read(typed):
    return wanted.read(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("850315 300019", Wanted(iin="850315300019")),
        ("үғқіғ", Wanted(tail="85035")),  # the upper row of the Kazakh layout
        ("8 701 123 45 67", Wanted(phone="+77011234567")),
        ("+998 90 123 45 67", Wanted(phone="+998901234567")),
        ("45 67", Wanted(tail="4567")),
        ("123-45-67", Wanted(tail="1234567")),
        ("+7 701", Wanted(tail="7701")),
        ("123", Wanted()),
        ("", Wanted()),
        (" - ", Wanted()),
        ("12.04.1959", Wanted(born=DAY)),
        ("1959-04-12", Wanted(born=DAY)),
        ("31.02.1959", Wanted()),
    ],
)
def test_numbers_and_dates_alone(typed, meant):
    found = read(typed)
    assert (found.iin, found.phone, found.tail, found.born) == (meant.iin, meant.phone, meant.tail, meant.born)


@pytest.mark.parametrize("typed", ["Ахметов 59", "59 ахметов", "Ахметов 1959", "ахметов 1959г.р."])
def test_a_year_stands_beside_a_name(typed):
    assert read(typed).born == YEAR_59
    assert read(typed).readings[0] == (("ахметов",),)


def test_a_day_and_the_end_of_a_telephone_stand_beside_a_name():
    assert read("12/4/59 Ахметов").born == DAY
    assert read("Ахметов 4567").tail == "4567"
    assert not read("Ахметов 4567").is_number
    assert read("4567").is_number


def test_two_digits_may_be_of_two_centuries():
    assert [span[0].year for span in read("Ахметов 24").born] == [1924, 2024]


@pytest.mark.parametrize(("typed", "words"), [("Жумабеков Н.С.", 3), ("Жумабеков Н", 2), ("a b c d e", 3)])
def test_initials_are_words(typed, words):
    assert len(read(typed).readings[0]) == words


def test_a_mistyped_iin_is_refused():
    with refused("iin.check_digit"):
        read("850315300018")
