"""Lists as XLSX, which is a packed archive from a stranger: measured before it is opened, read row by row. Pure.

Numbers come out as the text a person would have typed: Excel keeps an IIN as 9.0E+11 and loses its zeros.
"""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from medet.records.intake.columns import LOOKED_AT, header_of
from medet.records.intake.sheet import Limits, Line, Unreadable

MOST_FILES, MOST_PRESSED = 1000, 200


def workbook_rows(data: bytes, limits: Limits) -> Iterator[tuple[int, Sequence[str]]]:
    """Numbered rows of the sheet with the list: the first shown one whose columns have names, else the first filled."""
    check_archive(data, limits)
    try:
        yield from _rows(data, limits)
    except Unreadable:
        raise
    # The library fails in as many ways as a file can be broken, and none of them is ours to tell apart.
    except Exception as fault:
        raise Unreadable("list.broken") from fault


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuses an archive that would unpack into too much; zipfile never unpacks more than is declared."""
    try:
        files = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise Unreadable("list.broken") from fault
    unpacked = sum(file.file_size for file in files)
    pressed = any(file.file_size > MOST_PRESSED * max(file.compress_size, 5000) for file in files)
    if len(files) > MOST_FILES or unpacked > limits.unpacked or pressed:
        raise Unreadable("list.bomb")


def _rows(data: bytes, limits: Limits) -> Iterator[tuple[int, Sequence[str]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and drawings that are of no use to us
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = [sheet for sheet in shown if isinstance(sheet, ReadOnlyWorksheet) and _head(sheet, limits)]
    # A summary often stands before the list: the list is where columns have names we know.
    chosen = next((sheet for sheet in filled if header_of(_head(sheet, limits)) is not None), None)
    if chosen or filled:
        yield from _filled(chosen or filled[0], limits)


def _head(sheet: Any, limits: Limits) -> list[Line]:
    """The first rows of a sheet."""
    return [Line(number, tuple(cells)) for number, cells in islice(_filled(sheet, limits), LOOKED_AT)]


def _filled(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """What the sheet says of its size is not believed."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=limits.columns, values_only=True), 1):
        cells = [as_text(value) for value in row]
        if any(cells):
            yield number, cells


def as_text(value: Any) -> str:
    """A cell as a person would have typed it."""
    if value is None or isinstance(value, bool | time):
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
