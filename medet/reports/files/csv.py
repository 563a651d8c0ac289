"""CSV as spreadsheets of Kazakhstan open it: UTF-8 with a mark, semicolons, a comma before the fraction."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO

from medet.reports.files.words import columns, days, heading, made_at
from medet.reports.periods import Period
from medet.reports.tables import Figure, Line, Table

MARK = "\ufeff"


def make(tables: Sequence[Table], period: Period, now: datetime) -> bytes:
    """All tables, one under the other."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([days(period), made_at(now)])
    for table in tables:
        writer.writerows(([], [heading(table)], columns(table)))
        writer.writerows(_cells(line, table) for line in (*table.lines, table.all))
    return (MARK + text.getvalue()).encode()


def _cells(line: Line, table: Table) -> Iterator[str]:
    yield line.label
    for figure in (*line.months, line.whole):
        yield from _figure(figure)
    if len(table.months) > 1:
        yield _number(line.change)


def _figure(figure: Figure) -> tuple[str, str]:
    return str(figure.count), _number(figure.share)


def _number(value: Decimal | None) -> str:
    return "" if value is None else str(value).replace(".", ",")
