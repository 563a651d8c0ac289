"""What somebody typed into the one search box: an ИИН, a telephone or its end, or a name with a birth date."""

import re
from dataclasses import dataclass
from datetime import date

from medet.base import iin, phones
from medet.base.keyboards import digits_meant, readings
from medet.base.refused import Refused

IIN_DIGITS, TAIL_DIGITS, PHONE_DIGITS, NATIONAL_DIGITS = 12, 4, 10, 10
OLDEST = 125
MOST_WORDS = 3
_DAY = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4}|\d{2})|(\d{4})-(\d{2})-(\d{2})")
_AFTER_YEAR = re.compile(r"(?<=\d)\.?(г\.?р?|г\.?|ж\.?т?|ж\.?)\.?$")
_INITIALS = re.compile(r"[^\W\d_]\.([^\W\d_]\.?)?")
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An IIN or a telephone alone; else readings of the words, with what narrows them."""

    iin: str = ""
    phone: str = ""
    tail: str = ""  # the last digits of a telephone
    born: tuple[Span, ...] = ()  # a day or a year; two digits of a year may mean two of them
    readings: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether a number was asked for and no name: what somebody does who tries numbers out."""
        return bool(self.iin or self.phone or self.tail) and not self.readings


def read(text: str, *, today: date) -> Wanted:
    """Tells by itself what was typed; a mistyped IIN is a `Refused` with its sentence, not an empty list."""
    number = _number(text)
    if number:
        return number
    words: list[str] = []
    born: tuple[Span, ...] = ()
    tail = ""
    for token in text.split():
        digits = digits_meant(token)
        span = _span(token, digits, today)
        if span:
            born = span
        elif len(digits) >= TAIL_DIGITS:
            tail = digits
        elif any(sign.isalpha() for sign in token) or not digits:
            words += _words(token)
    return Wanted(tail=tail, born=born, readings=tuple(readings(tuple(words[:MOST_WORDS]))))


def _number(text: str) -> Wanted | None:
    """An IIN, a telephone, or the end of one: a text of digits and the signs between them, and no date."""
    digits = re.sub(r"\D", "", text) if re.fullmatch(r"[\d\s()+.\-–]+", text) else _kazakh_row(text)
    if len(digits) < TAIL_DIGITS or _DAY.fullmatch(text.strip()):
        return None
    if len(digits) == IIN_DIGITS and "+" not in text:
        return Wanted(iin=iin.parse(digits).digits)
    if len(digits) < PHONE_DIGITS:
        return Wanted(tail=digits)
    try:
        return Wanted(phone=phones.parse(text if re.search(r"\d", text) else digits))
    except Refused:
        return Wanted(tail=digits[-NATIONAL_DIGITS:])


def _kazakh_row(text: str) -> str:
    parts = [digits_meant(part) for part in text.split()]
    return "".join(parts) if all(parts) else ""


def _words(token: str) -> list[str]:
    """«А.С.» are two initials; everything else is one word, because a full stop may be a letter of another layout."""
    return re.findall(r"[^\W\d_]", token) if _INITIALS.fullmatch(token) else [token]


def _span(token: str, digits: str, today: date) -> tuple[Span, ...]:
    """Days between which the person was born; nothing when the token is no date, year or end of one."""
    token = _AFTER_YEAR.sub("", token.lower().strip(",;"))
    day = _DAY.fullmatch(token)
    if day:
        year, month, number = (int(part) for part in (day.group(3, 2, 1) if day[3] else day.group(4, 5, 6)))
        return _days(year, month, number, today)
    typed = digits or token
    if not typed.isdigit() or len(typed) not in (2, 4):
        return ()
    return tuple((date(one, 1, 1), date(one, 12, 31)) for one in _years(int(typed), len(typed), today))


def _days(year: int, month: int, day: int, today: date) -> tuple[Span, ...]:
    spans = []
    for one in _years(year, 4 if year > 99 else 2, today):
        try:
            spans.append((date(one, month, day), date(one, month, day)))
        except ValueError:
            continue
    return tuple(spans)


def _years(year: int, length: int, today: date) -> list[int]:
    """The years somebody alive can be born in."""
    meant = [year] if length == 4 else [1900 + year, 2000 + year]
    return [one for one in meant if today.year - OLDEST <= one <= today.year]
