"""Reports as files: the same tables, the same figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from medet.reports.files import csv, pdf, xlsx
from medet.reports.periods import Period
from medet.reports.tables import Table

Make = Callable[[Sequence[Table], Period, datetime], bytes]


@dataclass(frozen=True)
class Maker:
    """A kind of file."""

    content_type: str
    make: Make


FILES = {
    "pdf": Maker("application/pdf", pdf.make),
    "xlsx": Maker("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.make),
    "csv": Maker("text/csv; charset=utf-8", csv.make),
}
