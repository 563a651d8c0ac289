"""The rows of a list that cannot be taken, as a file: the columns as they were given, and what is wrong with each.

XLSX with every cell as text: a formula stays a word.
"""

from collections.abc import Sequence
from io import BytesIO

from django.http import HttpResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from medet.flows.given.reading import Checked, names_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_to_mend(kind: str, checked: Sequence[Checked]) -> HttpResponse:
    """To be mended and given again: the last column is not read."""
    made, bad = BytesIO(), [one for one in checked if one.faults]
    fields = [name for name in names_of(kind) if any(name in one.row.cells for one in bad)]
    header = [names_of(kind)[name][0] for name in fields]
    rows = [[*(one.row.cells.get(name, "") for name in fields), "; ".join(one.faults)] for one in bad]
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate([[*header, _("What to mend")], *rows]):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, cell)
    headers = {"Content-Disposition": f'attachment; filename="medet-{kind}.xlsx"'}
    return HttpResponse(made.getvalue(), content_type=XLSX, headers=headers)
