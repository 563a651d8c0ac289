"""Bytes of an untrusted file into rows of text: the kind is told by the bytes, never by the name. Pure, no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a list was taken for by mistake: saved pages, papers, programs, pictures, packed files.
NO_LISTS = (
    b"%PDF",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc",
)
PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<svg", b"<script")
LONGEST_CELL = 500


@dataclass(frozen=True)
class Limits:
    """How much a file may hold (policy parameters of the house)."""

    rows: int = 20_000
    columns: int = 60
    unpacked: int = 60_000_000


@dataclass(frozen=True)
class Line:
    """One row with the number the sender sees beside it."""

    number: int
    cells: tuple[str, ...]


class Unreadable(Exception):
    """The file is no list that can be read; the code has its sentence in `states.py`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_lines(data: bytes, limits: Limits) -> list[Line]:
    """Every row that holds something, without the columns that never do."""
    # Imported late: each of them needs what stands above.
    from medet.records.intake.text import text_rows
    from medet.records.intake.workbook import workbook_rows

    check_kind(data)
    rows = workbook_rows(data, limits) if data.startswith(ZIP) else text_rows(data)
    lines = []
    for number, row in rows:
        cells = tuple(_tidy(cell) for cell in row[: limits.columns])
        if any(cells):
            lines.append(Line(number, cells))
        if len(lines) > limits.rows:
            raise Unreadable("list.too_long")
    if not lines:
        raise Unreadable("list.empty")
    return _without_empty_columns(lines)


def check_kind(data: bytes) -> None:
    """Refuses what is plainly something else."""
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable("list.empty")
    if data.startswith(OLD_EXCEL):
        raise Unreadable("list.old_excel")
    head = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(NO_LISTS) or head.startswith(PAGES):
        raise Unreadable("list.not_a_list")


def _tidy(cell: str) -> str:
    """Single spaces, no control characters; a cell is never a novel."""
    short = cell[: LONGEST_CELL * 2]
    plain = short if short.isprintable() else "".join(sign if sign.isprintable() else " " for sign in short)
    return " ".join(plain.split())[:LONGEST_CELL]


def _without_empty_columns(lines: Sequence[Line]) -> list[Line]:
    used = sorted({place for line in lines for place, cell in enumerate(line.cells) if cell})
    width = used[-1] + 1
    full = ((line.number, line.cells + ("",) * (width - len(line.cells))) for line in lines)
    return [Line(number, tuple(cells[place] for place in used)) for number, cells in full]
