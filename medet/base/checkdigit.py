"""The check digit that ИИН and БИН share: two passes of weighted sums modulo 11.

Measured on all bodies: 9.1 % need the second pass, 0.8 % have no valid digit (such numbers are not issued),
and 91 % of single errors in the eleventh digit pass, because its weight is 11. A valid digit is not identity.
"""

from operator import mul

from medet.base.refused import Refused

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_SEPARATORS = str.maketrans("", "", " \u00a0\u202f\t-–")


def check_digit(body: str) -> int | None:
    """The twelfth digit for eleven digits, or None when no number with this body is issued."""
    for weights in (_FIRST, _SECOND):
        total = int(sum(map(mul, map(int, body), weights))) % 11
        if total < 10:
            return total
    return None


def checked_digits(text: str, *, kind: str) -> str:
    """Twelve digits with a right check digit out of what was typed; `kind` is "iin" or "bin"."""
    digits = text.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit()) and digits:
        raise Refused(f"{kind}.digits")
    if len(digits) != 12:
        raise Refused(f"{kind}.length", length=len(digits))
    if check_digit(digits[:11]) != int(digits[11]):
        raise Refused(f"{kind}.check_digit")
    return digits
