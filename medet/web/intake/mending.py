"""The rows to mend as a file: the columns as they were given, and the reason in the reader's language.

XLSX with every cell as text: a formula stays a word, and an IIN keeps its zeros until it is given again.
"""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from medet.records.intake.models import IntakeList
from medet.records.intake.queries import cells_of, header_of
from medet.records.intake.states import RowState
from medet.web.intake.shapes import words_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_to_mend(given: IntakeList) -> bytes:
    """A workbook with the header, the rows, and why each was not taken."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True, "constant_memory": True})
    sheet, header = book.add_worksheet(), header_of(given)
    _write(sheet, 0, [*header, _("What to mend")])
    rows = given.rows.filter(state=RowState.BAD).order_by("number")
    for place, row in enumerate(rows.iterator(chunk_size=500), 1):
        cells = (cells_of(row) + [""] * len(header))[: len(header)]
        _write(sheet, place, [*cells, "; ".join(words_of(code) for code in row.reasons)])
    book.close()
    return made.getvalue()


def _write(sheet: Any, place: int, cells: list[str]) -> None:
    """As text, whatever a cell begins with."""
    for column, cell in enumerate(cells):
        sheet.write_string(place, column, cell)
