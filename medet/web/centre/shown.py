"""Tables and rows of the reports as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import wording
from medet.people.models import Person
from medet.places.queries import districts
from medet.reports.breakdowns import Breakdown
from medet.reports.drawing import Bars, Tile, Tiles, bars, tiles
from medet.reports.files.words import month_name
from medet.reports.measures import Measure
from medet.reports.tables import Figure, Line, Table
from medet.web.parts.people import short_age, short_name

DRAWN = 14  # more bars than this are a wall


@dataclass(frozen=True)
class Cell:
    """A number that leads to its rows."""

    text: str
    url: str
    share: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table in words."""

    label: str
    months: tuple[Cell, ...]
    whole: Cell
    change: str = ""
    is_all: bool = False


@dataclass(frozen=True)
class NamedTile:
    """A tile of the map with the name of its district."""

    tile: Tile
    name: str

    @property
    def short(self) -> str:
        """Without the word for district, which is the last in all three languages."""
        return self.name.rsplit(" ", 1)[0]


@dataclass(frozen=True)
class Section:
    """One table with its drawing."""

    code: str
    split: str
    months: tuple[str, ...]
    rows: tuple[Row, ...]
    bars: Bars | None
    tiles: Tiles | None
    named: tuple[NamedTile, ...] = ()


@dataclass(frozen=True)
class Group:
    """Everything about one measure; without sections there was nothing to count."""

    code: str
    title: str
    how: str
    whole: Cell
    sections: tuple[Section, ...]


def groups(made: Iterable[Table]) -> list[Group]:
    """The tables of a report, measure by measure."""
    found: dict[str, list[Table]] = {}
    for table in made:
        found.setdefault(table.measure, []).append(table)
    return [_group(tables) for tables in found.values()]


def _group(tables: list[Table]) -> Group:
    first = tables[0]
    sections = tuple(section(table) for table in tables if table.lines)
    return Group(first.measure, first.title, first.how, cell(first.all.whole), sections)


def section(table: Table) -> Section:
    """A table for the page."""
    drawn_map = tiles(table) if table.is_map else None
    names = {district.kato: district.name for district in districts()} if drawn_map else {}
    drawn = sorted(table.lines, key=lambda line: -line.whole.count)[:DRAWN]
    return Section(
        code=f"{table.measure}-{table.breakdown}",
        split=table.split,
        months=tuple(month_name(month) for month in table.months),
        rows=(*(_row(line) for line in table.lines), _row(table.all, is_all=True)),
        bars=bars(drawn) if drawn and not table.is_map else None,
        tiles=drawn_map,
        named=tuple(NamedTile(tile, names.get(tile.kato, "")) for tile in drawn_map.tiles) if drawn_map else (),
    )


def _row(line: Line, *, is_all: bool = False) -> Row:
    return Row(
        label=line.label,
        months=tuple(cell(figure) for figure in line.months),
        whole=cell(line.whole),
        change=_signed(line.change),
        is_all=is_all,
    )


def cell(figure: Figure) -> Cell:
    """The number, its share, and the way to its rows."""
    return Cell(wording.number(figure.count), rows_url(figure), percent(figure.share))


def percent(value: Decimal | None) -> str:
    """`62,38 %`."""
    return "" if value is None else f"{wording.number(value, 2)}\u00a0%"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{wording.number(abs(value), 1)}\u00a0%"


def rows_url(figure: Figure, after: str = "") -> str:
    """The address of a figure's rows: codes and days only, nothing of a patient."""
    asked = {"measure": figure.measure, "breakdown": figure.breakdown, "part": figure.part, "after": after}
    if figure.period:
        asked |= {"first": figure.period.first.isoformat(), "last": figure.period.last.isoformat()}
    return f"{reverse('centre:report_rows')}?{urlencode({name: text for name, text in asked.items() if text})}"


@dataclass(frozen=True)
class Counted:
    """One row of a figure's list."""

    name: str
    age: str
    when: str
    what: str
    url: str


def counted(rows: Sequence[Any], measure: Measure, *, now: datetime) -> list[Counted]:
    """The rows of a list in words."""
    return [_counted(row, measure, now=now) for row in rows]


def person_of(row: Any, measure: Measure) -> Person | None:
    """Who a row is about; a caller may be unknown."""
    who = _at(row, measure.person)
    return who if isinstance(who, Person) else None


def _at(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _counted(row: Any, measure: Measure, *, now: datetime) -> Counted:
    who = person_of(row, measure)
    return Counted(
        name=short_name(who) if who else _("Caller not known"),
        age=short_age(who, now=now) if who else "",
        when=_when(row, measure),
        what=" · ".join(words for breakdown in measure.by for words in _told(row, breakdown)),
        url=reverse("operator:person", args=[who.uid]) if who else "",
    )


def _when(row: Any, measure: Measure) -> str:
    value = getattr(row, measure.at) if measure.at else None
    if isinstance(value, datetime):
        return wording.moment(value)
    return wording.day(value, "short") if value else ""


def _told(row: Any, breakdown: Breakdown) -> list[str]:
    """The words of what a row says of itself; places and ages stand in the card."""
    value, words = _at(row, breakdown.field) if breakdown.field else "", dict(breakdown.parts())
    return [words[code] for code in ([value] if isinstance(value, str) else value or ()) if code in words]
