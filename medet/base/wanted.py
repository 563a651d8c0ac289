"""What somebody typed into the one search box: an ИИН, a telephone number, or words of a name."""

import re
from dataclasses import dataclass

from medet.base import iin, names, phones


@dataclass(frozen=True, slots=True)
class Wanted:
    """Exactly one of the three is filled; of each word any of its folded forms may begin a name."""

    iin: str = ""
    phone: str = ""
    words: tuple[tuple[str, ...], ...] = ()


def read(text: str) -> Wanted:
    """Numbers are checked at once: a mistyped one is a `Refused` with its sentence, not an empty list."""
    digits = re.sub(r"[^0-9]", "", text)
    if any(letter.isalpha() for letter in text) or not digits:
        return Wanted(words=_words(text))
    if len(digits) == 12 and "+" not in text:
        return Wanted(iin=iin.parse(digits).digits)
    return Wanted(phone=phones.parse(text))


def _words(text: str) -> tuple[tuple[str, ...], ...]:
    """Up to three words: family name, given name, patronymic in any order."""
    forms = (names.search_forms(word) for word in text.split())
    return tuple(form for form in forms if form)[:3]
