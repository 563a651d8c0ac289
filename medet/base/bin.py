"""БИН (БСН), the twelve-digit national number of an organisation; same check digit as the ИИН.

Digits: ГГММ of registration, kind, division, five of a serial, check digit.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.checkdigit import checked_digits

Kind = Literal["resident", "non_resident", "joint_entrepreneurs"]
Division = Literal["head", "branch", "representation", "peasant_farm"]

_KINDS: dict[str, Kind] = {"4": "resident", "5": "non_resident", "6": "joint_entrepreneurs"}
_DIVISIONS: dict[str, Division] = {"0": "head", "1": "branch", "2": "representation", "3": "peasant_farm"}

refused.register(
    {
        "bin.length": _("The BIN has 12 digits, %(length)s were entered."),
        "bin.digits": _("The BIN has only digits."),
        "bin.check_digit": _("The BIN is mistyped: its last digit does not fit the others."),
        "bin.kind": _("This is not the BIN of an organisation: its fifth digit must be 4, 5 or 6."),
    }
)


@dataclass(frozen=True, slots=True)
class Bin:
    """A number with a right check digit; `division` is None where the digit is not in use."""

    digits: str
    year: int
    month: int
    kind: Kind
    division: Division | None


def parse(text: str) -> Bin:
    """Read what a person typed (spaces and hyphens allowed) or raise `Refused`."""
    digits = checked_digits(text, kind="bin")
    kind = _KINDS.get(digits[4])
    if kind is None:  # an ИИН typed into the wrong field ends here: its fifth digit is 0 to 3
        raise refused.Refused("bin.kind")
    # Registration of legal entities began in 1991, so two digits are enough for the century.
    year = int(digits[:2])
    return Bin(digits, year + (1900 if year > 90 else 2000), int(digits[2:4]), kind, _DIVISIONS.get(digits[5]))
