"""ИИН (ЖСН), the twelve-digit national number of a person: shape, check digit and what it hints at.

Digits: ГГММДД, century and sex, four of a serial, check digit (law № 223 of 12.01.2007). Since 26.08.2013
(decree № 853) the digits are legally not tied to the person: birth date and sex are fields of their own,
and a difference only warns.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.checkdigit import check_digit, checked_digits

__all__ = ["Iin", "Sex", "check_digit", "differs", "is_made_up", "made_up", "masked", "parse"]

Sex = Literal["male", "female"]

refused.register(
    {
        "iin.length": _("The IIN has 12 digits, %(length)s were entered."),
        "iin.digits": _("The IIN has only digits."),
        "iin.check_digit": _("The IIN is mistyped: its last digit does not fit the others."),
        "iin.birth_date_differs": _("The birth date differs from the one in the IIN. Please check both."),
        "iin.birth_date_impossible": _("The IIN holds no possible birth date. Please check it."),
        "iin.sex_differs": _("The sex differs from the one in the IIN. Please check both."),
    }
)


@dataclass(frozen=True, slots=True)
class Iin:
    """A number with a right check digit; birth date and sex only where the digits tell them."""

    digits: str
    birth_date: date | None
    sex: Sex | None


@lru_cache(maxsize=8)  # a row of a list asks for its number again and again
def parse(text: str) -> Iin:
    """Read what a person typed (spaces and hyphens allowed) or raise `Refused`."""
    digits = checked_digits(text, kind="iin")
    return Iin(digits, _birth_date(digits), _sex(digits))


def differs(iin: Iin, *, birth_date: date | None, sex: str | None) -> list[str]:
    """Codes of warnings; never a reason to block (answer of the Ministry of Justice, 05.04.2019)."""
    codes = []
    if iin.birth_date is not None and birth_date is not None and iin.birth_date != birth_date:
        codes.append("iin.birth_date_differs")
    if iin.birth_date is None and iin.sex is not None and not is_made_up(iin.digits):
        codes.append("iin.birth_date_impossible")
    if iin.sex is not None and sex in {"male", "female"} and iin.sex != sex:
        codes.append("iin.sex_differs")
    return codes


def is_made_up(digits: str) -> bool:
    """Numbers that no real person can have: month 00, or a seventh digit that was never given out."""
    return digits[2:4] == "00" or digits[6] in "789"


def masked(digits: str) -> str:
    """For lists: enough to tell two people of one household apart, not enough to use."""
    return "•" * (len(digits) - 4) + digits[-4:]


def made_up(*, birth_date: date, sex: Sex, serial: int) -> str:
    """An impossible number (month 00) for demo and tests; different arguments never give the same number twice."""
    century = 2 * (birth_date.year // 100 - 18) + (1 if sex == "male" else 2)
    for shift in (0, 32, 64):  # 0.8 % of bodies have no check digit: take a day that is also impossible
        body = f"{birth_date.year % 100:02}00{birth_date.day + shift:02}{century}{serial % 10_000:04}"
        digit = check_digit(body)
        if digit is not None:
            return f"{body}{digit}"
    raise ValueError(f"no number for serial {serial}: take the next one")


def _birth_date(digits: str) -> date | None:
    """The seventh digit gives the century: 1-2 for 18xx, 3-4 for 19xx, 5-6 for 20xx; 0 is a foreigner."""
    century = (int(digits[6]) + 1) // 2
    if century not in {1, 2, 3}:
        return None
    try:
        return date((17 + century) * 100 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _sex(digits: str) -> Sex | None:
    if digits[6] not in "123456":
        return None
    return "male" if digits[6] in "135" else "female"
