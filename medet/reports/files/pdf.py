"""PDF by typst: values go in as JSON, never as its program text."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from medet.base import wording
from medet.reports.files.words import columns, days, heading, made_at
from medet.reports.periods import Period
from medet.reports.tables import Figure, Line, Table

PAGE = Path(__file__).with_name("report.typ")


def make(tables: Sequence[Table], period: Period, now: datetime) -> bytes:
    """One document, tables in their order; bars beside the figures."""
    data = {
        "lang": wording.language(),
        "title": _("Report of the telemedicine centre"),
        "days": days(period),
        "made": made_at(now),
        "page": _("Page"),
        "tables": [_table(table) for table in tables],
    }
    return bytes(typst.compile(str(PAGE), sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True))


def _table(table: Table) -> dict[str, object]:
    most = max((line.whole.count for line in table.lines), default=0) or 1
    return {
        "heading": heading(table),
        "how": table.how,
        "columns": [*columns(table), ""],
        "rows": [_row(line, table, most) for line in table.lines],
        "all": _row(table.all, table, 0),
    }


def _row(line: Line, table: Table, most: int) -> dict[str, object]:
    figures = [text for figure in (*line.months, line.whole) for text in _figure(figure)]
    change = [_number(line.change, 1)] if len(table.months) > 1 else []
    return {"cells": [line.label, *figures, *change], "bar": line.whole.count / most if most else 0}


def _figure(figure: Figure) -> tuple[str, str]:
    return wording.number(figure.count), _number(figure.share, 2)


def _number(value: Decimal | None, digits: int) -> str:
    return "" if value is None else wording.number(value, digits)
