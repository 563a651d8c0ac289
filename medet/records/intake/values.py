"""One cell into one value, or the code of what is wrong with it. Nothing is guessed that could be somebody else.

Days are written day first here; a day that reads two ways is a fault, not a choice. Excel counts days from 1900.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from medet.base import iin as iins
from medet.base import names, phones
from medet.base.refused import Refused
from medet.base.yamls import read

WORDS = Path(__file__).parent / "data" / "words.yaml"
EXCEL_DAY_0 = date(1899, 12, 30)
EXCEL_FIRST, EXCEL_LAST = 2000, 80_000  # 1905 to 2119: what is smaller is no day of anybody alive
SHORTEST_IIN, FULL_IIN = 7, 12
ROUNDED = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_]([^\W\d_]|[ .'’ʼ`\-‐‑–])*")
DAY_FIRST = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[./\-\s](\d{1,2})[./\-\s](\d{1,2})")
HOUR = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?\s*$")
YEAR_WORD = re.compile(r"\s*[гжy]\.?$")
# What was looked for, behind the word that says whether it was found.
VIRUS = re.compile(r"\s*(рнк|днк|вирус\S*|коронавирус\S*|sars[\s-]*cov[\s-]*2|covid[\s-]*19|rna)\b.*$")
PHONE_WORD = re.compile(r"^(тел(ефоны?)?|моб|сот|ұялы|phone|mob|tel)[.:\s]+", re.IGNORECASE)
# Letters that look alike in both alphabets, as somebody types them who forgot to change the keyboard.
TWINS = str.maketrans("ABCEHKMOPTXYaceopxyi", "АВСЕНКМОРТХУасеорхуі")
PHONE_PARTS = re.compile(r"[;,/|]|\s{2,}|\bи\b|\bжәне\b")


class Fault(Exception):
    """What is wrong with a cell, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@cache
def _words(kind: str) -> dict[str, str]:
    listed = read(WORDS)[kind]
    return {str(word): str(value) for value, words in listed.items() for word in words}


def word(kind: str, text: str) -> str:
    """The code of a result, a sex or a language; empty when the word is not known."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е").strip(" .!()«»\"'")
    known = _words(kind)
    shorter = (plain, re.sub(r"\s*\(.*$|[,;].*$", "", plain), VIRUS.sub("", plain))
    return next((known[text] for text in shorter if text in known), "")


def name(text: str) -> str:
    """A name field; digits, formulas and signs are no name."""
    tidy = names.tidy(" ".join(_one_alphabet(part) for part in text.split()))
    if tidy and not NAME.fullmatch(tidy):
        raise Fault("name_signs")
    return tidy[:80]


def _one_alphabet(part: str) -> str:
    """A word with one Cyrillic letter is Cyrillic: its Latin twins were slips of the keyboard."""
    return part.translate(TWINS) if re.search(r"[\u0400-\u04ff]", part) else part


def iin(text: str) -> str:
    """Twelve digits. Zeros that a spreadsheet ate are put back when the check digit then fits."""
    plain = re.sub(r"[\s'’`]|[.,]0+$", "", text)
    if not plain:
        return ""
    if ROUNDED.fullmatch(plain):
        plain = _exact(plain)
    if plain.isdigit() and SHORTEST_IIN <= len(plain) < FULL_IIN:
        plain = plain.zfill(FULL_IIN)
    try:
        return iins.parse(plain).digits
    except Refused as refused:
        raise Fault(refused.code) from refused


def _exact(text: str) -> str:
    """9.00315300019E+11 still has every digit; 9.0E+11 has lost them."""
    mantissa, power = re.split("e", text.replace(",", "."), flags=re.IGNORECASE)
    digits = mantissa.replace(".", "")
    if len(digits) < int(power) + 1:
        raise Fault("iin_rounded")
    return digits


def day(text: str, *, today: date, born: bool = False) -> date | None:
    """A day in any usual form, not after today."""
    plain = HOUR.sub("", text.strip())
    if not plain:
        return None
    found = _numbered(plain, born=born) or _in_words(plain) or _excel(plain)
    if found is None:
        raise Fault("date_unread")
    if found > today:
        raise Fault("date_future")
    return found


def _numbered(text: str, *, born: bool) -> date | None:
    plain = YEAR_WORD.sub("", text)
    if found := YEAR_FIRST.fullmatch(plain):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if not (found := DAY_FIRST.fullmatch(plain)):
        return None
    if len(found[3]) == 2 and born:
        raise Fault("year_short")
    return _made(int(found[3]) + (2000 if len(found[3]) == 2 else 0), int(found[2]), int(found[1]))


def _made(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as fault:
        raise Fault("date_unclear") from fault


def _in_words(text: str) -> date | None:
    parts = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    months = [int(code) for part in parts if (code := _words("months").get(part))]
    numbers = [int(part) for part in parts if part.isdigit()]
    if len(months) != 1 or len(numbers) != 2:
        return None
    year, number = max(numbers), min(numbers)
    return _made(year, months[0], number)


def _excel(text: str) -> date | None:
    """The number under a date whose cell lost its form."""
    if not re.fullmatch(r"\d{4,5}([.,]\d+)?", text):
        return None
    count = int(re.split("[.,]", text)[0])
    return EXCEL_DAY_0 + timedelta(days=count) if EXCEL_FIRST < count < EXCEL_LAST else None


def phone_numbers(text: str) -> tuple[list[str], bool]:
    """Every number that can be read, and whether something could not."""
    found: list[str] = []
    unread = False
    whole = re.sub(r"[.,]0+$", "", text.strip())
    if one := _reads(whole):
        return [one], False
    for typed in filter(None, map(str.strip, PHONE_PARTS.split(whole))):
        number = _reads(typed)
        found += [number] if number else []
        unread = unread or not number
    return list(dict.fromkeys(found)), unread


def _reads(text: str) -> str:
    try:
        return phones.parse(PHONE_WORD.sub("", text))
    except Refused:
        return ""


def whole_name(text: str) -> tuple[str, str, str]:
    """Family, given and the rest of a name in one cell."""
    family, given, rest = [*text.split(maxsplit=2), "", "", ""][:3]
    return family, given, rest


DOOR = re.compile(
    r"(?P<street>.+?)[\s,]+(?:д|дом|үй|house|№)?\.?\s*(?P<house>\d+\s?[^\W\d_]?(?:[/\-]\d+)?)"
    r"(?:[\s,]+(?:кв|квартира|пәтер|пәт|flat|apt)\.?\s*(?P<flat>\d+\s?[^\W\d_]?)|[\s,\-]+(?P<last>\d+))?\s*",
    re.IGNORECASE,
)


def door(text: str) -> tuple[str, str, str]:
    """Street, house and flat of an address in one cell; what cannot be parted stays with the street."""
    found = DOOR.fullmatch(text.strip(" ,"))
    if found is None:
        return text.strip(" ,"), "", ""
    return found["street"].strip(" ,"), found["house"].strip(), (found["flat"] or found["last"] or "").strip()
