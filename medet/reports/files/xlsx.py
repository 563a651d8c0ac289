"""XLSX: one sheet a table, numbers as numbers."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from medet.reports.files.words import columns, days, heading, made_at
from medet.reports.periods import Period
from medet.reports.tables import Line, Table

SHEET_NAME = 31  # Excel's limit
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
FIRST_LINE = 4


def make(tables: Sequence[Table], period: Period, now: datetime) -> bytes:
    """A workbook; words beginning with = stay words."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for number, table in enumerate(tables, start=1):
        _sheet(book, number, table, f"{days(period)} · {made_at(now)}")
    book.close()
    return out.getvalue()


def _sheet(book: xlsxwriter.Workbook, number: int, table: Table, under: str) -> None:
    name = f"{number}. {heading(table)}".translate(FORBIDDEN)[:SHEET_NAME]
    sheet = book.add_worksheet(name)
    bold, count = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    percent = book.add_format({"num_format": "0.00"})
    sheet.write_string(0, 0, heading(table), bold)
    sheet.write_string(1, 0, under)
    sheet.write_string(2, 0, table.how)
    for column, words in enumerate(columns(table)):
        sheet.write_string(FIRST_LINE - 1, column, words, bold)
    for row, line in enumerate((*table.lines, table.all), start=FIRST_LINE):
        sheet.write_string(row, 0, line.label, bold if line is table.all else None)
        for column, value in enumerate(_values(line, table), start=1):
            if value is not None:
                sheet.write_number(row, column, value, percent if isinstance(value, Decimal) else count)
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, len(columns(table)), 14)
    sheet.freeze_panes(FIRST_LINE, 1)


def _values(line: Line, table: Table) -> list[int | Decimal | None]:
    figures = [value for figure in (*line.months, line.whole) for value in (figure.count, figure.share)]
    return [*figures, *([line.change] if len(table.months) > 1 else [])]
