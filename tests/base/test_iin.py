"""ИИН and БИН: known vectors, measured properties, and what is warned about but never refused."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.base import bin as bin_numbers
from medet.base import iin
from medet.base.checkdigit import check_digit
from medet.base.refused import Refused

BODIES = st.text("0123456789", min_size=11, max_size=11)
SEXES = st.sampled_from(["male", "female"])


@pytest.mark.parametrize(
    ("digits", "birth_date", "sex"),
    [
        ("850315300019", date(1985, 3, 15), "male"),
        ("850315400025", date(1985, 3, 15), "female"),
        ("020731500030", date(2002, 7, 31), "male"),
        ("850315301801", date(1985, 3, 15), "male"),  # second pass
    ],
)
def test_vectors(digits, birth_date, sex):
    assert iin.parse(digits) == iin.Iin(digits, birth_date, sex)


def test_body_without_digit():
    assert check_digit("85031530260") is None
    for last in "0123456789":
        with pytest.raises(Refused, match=r"iin\.check_digit"):
            iin.parse("85031530260" + last)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "iin.length"),
        ("85031530001", "iin.length"),
        ("8503153000190", "iin.length"),
        ("85031530001O", "iin.digits"),
        ("٨٥٠٣١٥٣٠٠٠١٩", "iin.digits"),
        ("850315300018", "iin.check_digit"),
    ],
)
def test_refusals(text, code):
    with pytest.raises(Refused) as refusal:
        iin.parse(text)
    assert refusal.value.code == code


def test_spaces_and_hyphens_are_forgiven():
    assert iin.parse(" 850315-300019\u00a0").digits == "850315300019"


def _bodies(step: int) -> Iterator[str]:
    return (f"{number:011}" for number in range(0, 10**11, step))


def test_measured_shares():
    """9.1 % of bodies need the second pass and 0.8 % have no digit (findings: measured over many bodies)."""
    bodies = list(_bodies(4_999_999))
    first = [sum(int(d) * w for d, w in zip(body, range(1, 12), strict=True)) % 11 for body in bodies]
    assert first.count(10) / len(bodies) == pytest.approx(0.091, abs=0.005)
    assert sum(check_digit(body) is None for body in bodies) / len(bodies) == pytest.approx(0.008, abs=0.003)


def test_an_error_in_the_eleventh_digit_mostly_passes():
    """Its weight is 11, so a right check digit is no proof of identity."""
    passed = total = 0
    for body in _bodies(99_999_989):
        for other in "0123456789":
            if other != body[10]:
                total += 1
                passed += check_digit(body) is not None and check_digit(body) == check_digit(body[:10] + other)
    assert passed / total == pytest.approx(0.91, abs=0.02)


@given(BODIES, st.integers(0, 9), st.integers(1, 9))
def test_other_single_errors_are_seen_unless_the_second_pass_hides_them(body, place, shift):
    digit = check_digit(body)
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    first = [sum(int(d) * w for d, w in zip(text, range(1, 12), strict=True)) % 11 for text in (body, wrong)]
    if digit is not None and max(first) < 10:
        assert check_digit(wrong) != digit


def test_differences_are_codes_and_never_raise():
    known = iin.parse("850315300019")
    assert iin.differs(known, birth_date=date(1985, 3, 15), sex="male") == []
    assert iin.differs(known, birth_date=None, sex=None) == []
    assert iin.differs(known, birth_date=date(1985, 3, 16), sex="female") == [
        "iin.birth_date_differs",
        "iin.sex_differs",
    ]


def test_impossible_date_warns_but_foreigner_and_made_up_do_not():
    def number(body: str) -> iin.Iin:
        return iin.parse(f"{body}{check_digit(body)}")

    assert iin.differs(number("85133130002"), birth_date=date(1985, 3, 1), sex="male") == ["iin.birth_date_impossible"]
    foreigner = number("85031500001")
    assert (foreigner.birth_date, foreigner.sex) == (None, None)
    assert iin.differs(foreigner, birth_date=date(1985, 3, 1), sex="male") == []
    assert iin.differs(number("85003130001"), birth_date=date(1985, 3, 1), sex="male") == []


def test_made_up_is_recognised():
    assert iin.is_made_up("900000000009")
    assert iin.is_made_up("850315700013")
    assert not iin.is_made_up("850315300019")


@given(st.dates(date(1900, 1, 1), date(2035, 12, 31)), SEXES, st.integers(0, 9999))
def test_made_up_numbers_pass_and_are_impossible(birth_date, sex, serial):
    read = iin.parse(iin.made_up(birth_date=birth_date, sex=sex, serial=serial))
    assert iin.is_made_up(read.digits)
    assert (read.birth_date, read.sex) == (None, sex)


def test_made_up_numbers_differ():
    made = {
        iin.made_up(birth_date=date(1980, 1, day), sex=sex, serial=serial)
        for day in range(1, 32)
        for sex in ("male", "female")
        for serial in range(150)
    }
    assert len(made) == 31 * 2 * 150


def test_masked_shows_only_the_end():
    assert iin.masked("850315300019") == "••••••••0019"


def test_bin_fields():
    body = "14114000123"
    read = bin_numbers.parse(f"{body}{check_digit(body)}")
    assert (read.year, read.month, read.kind, read.division) == (2014, 11, "resident", "head")
    old = "98055100123"
    assert bin_numbers.parse(f"{old}{check_digit(old)}").year == 1998
    assert bin_numbers.parse(f"{old}{check_digit(old)}").division == "branch"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1411", "bin.length"), ("14114000012x", "bin.digits"), ("850315300019", "bin.kind")],
)
def test_bin_refusals(text, code):
    with pytest.raises(Refused) as refusal:
        bin_numbers.parse(text)
    assert refusal.value.code == code
