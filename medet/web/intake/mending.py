"""The rows to mend as a file: the columns as they were given, and the reason in the reader's language.

XLSX with every cell as text: a formula stays a word, and an IIN keeps its zeros until it is given again.
"""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from medet.records.intake.models import IntakeList
from medet.records.intake.queries import cells_of, header_of
from medet.records.intake.states import RowState
from medet.web.intake.shapes import words_of

TEXT = "@"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_to_mend(given: IntakeList) -> bytes:
    """A workbook with the header, the rows, and why each was not taken."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()

    def write(cells: list[str]) -> None:
        sheet.append([_text(sheet, cell) for cell in cells])

    header = header_of(given)
    write([*header, _("What to mend")])
    for row in given.rows.filter(state=RowState.BAD).order_by("number").iterator(chunk_size=500):
        cells = (cells_of(row) + [""] * len(header))[: len(header)]
        write([*cells, "; ".join(words_of(code) for code in row.reasons)])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type, cell.number_format = "s", TEXT
    return cell
