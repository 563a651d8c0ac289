"""Writes spreadsheets byte by byte, faults included: a library would refuse to make half of them."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

Row = Sequence[object]

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{parts}</Types>'
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{n}.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
_STYLES_TYPE = (
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
)
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# Style 1 is a date, so that a number stands for a day.
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


class Day(float):
    """An Excel number that is shown as a date."""


class Formula(str):
    """A formula with no value kept."""


def csv_bytes(rows: Iterable[Row], *, encoding: str = "utf-8", mark: str = ";", end: str = "\r\n") -> bytes:
    """A list as text; a cell that holds the mark, a quote or a line break is quoted."""
    lines = [mark.join(_quoted(str(cell), mark) for cell in row) for row in rows]
    return (end.join(lines) + end).encode(encoding)


def _quoted(cell: str, mark: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {mark, '"', "\n"} else cell


def xlsx_bytes(
    *sheets: Iterable[Row],
    hidden: frozenset[int] = frozenset(),
    epoch_1904: bool = False,
    dimension: str = "",
    more: dict[str, bytes] | None = None,
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """A workbook; `hidden` counts sheets from 1, `more` adds files to the archive, `head` begins each sheet."""
    names = range(1, len(sheets) + 1)
    parts = "".join(_SHEET_TYPE.format(n=n) for n in names) + _STYLES_TYPE
    files = {"[Content_Types].xml": _TYPES.format(parts=parts), "_rels/.rels": _ROOT, "xl/styles.xml": _STYLES}
    shown = {n: ' state="hidden"' if n in hidden else "" for n in names}
    listed = "".join(f'<sheet name="L{n}" sheetId="{n}" r:id="s{n}"{shown[n]}/>' for n in names)
    properties = '<workbookPr date1904="1"/>' if epoch_1904 else ""
    files["xl/workbook.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{_MAIN}" xmlns:r="{_RELS}">'
        f"{properties}<sheets>{listed}</sheets></workbook>"
    )
    links = "".join(
        f'<Relationship Id="s{n}" Type="{_RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in names
    )
    files["xl/_rels/workbook.xml.rels"] = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'{links}<Relationship Id="st" Type="{_RELS}/styles" Target="styles.xml"/></Relationships>'
    )
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    for number, rows in zip(names, sheets, strict=True):
        body = "".join(_row(place, row) for place, row in enumerate(rows, 1))
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'{head}<worksheet xmlns="{_MAIN}">{size}<sheetData>{body}</sheetData></worksheet>'
        )
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return made.getvalue()


def _row(place: int, row: Row) -> str:
    return f'<row r="{place}">' + "".join(_cell(cell, place, column) for column, cell in enumerate(row)) + "</row>"


def _cell(cell: object, row: int, column: int) -> str:
    where = f"{chr(65 + column % 26)}{row}" if column < 26 else f"{chr(64 + column // 26)}{chr(65 + column % 26)}{row}"
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Formula):
        return f'<c r="{where}"><f>{escape(cell)}</f></c>'
    if isinstance(cell, Day):
        return f'<c r="{where}" s="1"><v>{float(cell)!r}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{where}"><v>{cell!r}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
