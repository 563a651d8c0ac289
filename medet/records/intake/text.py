"""Lists as text: the code page, the separator and the quotes are found from the bytes themselves. Pure, no Django.

Windows-1251 has no Kazakh letters; the national table KZ-1048 is the same but for those, so it reads both.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from medet.records.intake.sheet import Unreadable

MARKS = (";", "\t", ",", "|")
LOST = "\ufffd"
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
OLD_TABLE = "kz1048"
# A quote that was never closed swallows the rest of the file into one cell.
LONG_CELL, MANY_BREAKS, MANY_MARKS = 1000, 5, 3
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def text_rows(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Numbered rows of cells."""
    text = decoded(data)
    if len(CONTROL.findall(text[:10_000])) > 3:
        raise Unreadable("list.not_a_list")
    named = re.match(r"sep=(.)\r?\n?", text)
    mark = named[1] if named else separator(text)
    yield from enumerate(_rows(text[named.end() :] if named else text, mark), 2 if named else 1)


def decoded(data: bytes) -> str:
    """The text. A file that is UTF-8 but for a few bytes stays UTF-8, with the lost letters marked."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    text = data.decode("utf-8", "replace")
    strange = sum(1 for sign in text if sign > "\x7f")
    if text.count(LOST) * 10 <= strange:
        return text
    return data.decode(OLD_TABLE, "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every second byte is 00 (Latin, digits) or 04 (Cyrillic)."""
    head = data[: 2 * (len(data[:4000]) // 2)]
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if high and (high.count(0) + high.count(4) + high.count(5)) / len(high) > 0.9:
            return name
    return ""


def separator(text: str) -> str:
    """The sign that parts the most lines into the same number of cells."""
    sample = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    return max(MARKS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: list[str], mark: str) -> float:
    widths = Counter(len(row) for row in csv.reader(sample, delimiter=mark))
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def _rows(text: str, mark: str) -> list[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=mark))
    if any(_swallowed(cell, mark) for row in rows for cell in row):
        return list(csv.reader(StringIO(text, newline=""), delimiter=mark, quoting=csv.QUOTE_NONE))
    return rows


def _swallowed(cell: str, mark: str) -> bool:
    breaks = cell.count("\n") + cell.count("\r")
    return len(cell) > LONG_CELL or breaks > MANY_BREAKS or (breaks > 0 and cell.count(mark) > MANY_MARKS)
