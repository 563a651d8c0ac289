"""Where bars and tiles stand: numbers for an SVG on a page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from medet.base.yamls import read
from medet.reports.tables import Figure, Line, Table

TILE, GAP = 96, 6
LEVELS = 5
BAR, SPACE = 14, 8


@dataclass(frozen=True)
class Bar:
    """One bar of a month: how far it reaches (for SVG, so with a point in every language), and its figure."""

    y: int
    width: str
    tone: int  # 0 for the first month, and so on
    figure: Figure


@dataclass(frozen=True)
class BarRow:
    """The bars of one part, under its words."""

    y: int
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Bars:
    """A whole drawing of bars."""

    height: int
    rows: tuple[BarRow, ...]


def bars(lines: Sequence[Line]) -> Bars:
    """One row a part, one bar a month; the longest fills the width. Without months one bar of the whole."""
    shown = [(line, line.months or (line.whole,)) for line in lines]
    most = max((figure.count for _line, figures in shown for figure in figures), default=0) or 1
    rows, y = [], 0
    for line, figures in shown:
        made = tuple(
            Bar(y + 18 + place * (BAR + 2), f"{100 * figure.count / most:.2f}%", place, figure)
            for place, figure in enumerate(figures)
        )
        rows.append(BarRow(y + 12, line.label, made))
        y += 18 + len(figures) * (BAR + 2) + SPACE
    return Bars(y, tuple(rows))


@dataclass(frozen=True)
class Tile:
    """One district: its corner, how dark it is (1 to 5, 0 for nobody), and how many."""

    x: int
    y: int
    level: int
    kato: str
    count: int


@dataclass(frozen=True)
class Tiles:
    """A whole map."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def tiles(table: Table) -> Tiles | None:
    """The districts of the map, those with nobody too; None when the table knows none of them."""
    known = {line.part: line for line in table.lines if line.part in places()}
    if not known:
        return None
    most = max(line.whole.count for line in known.values())
    made = tuple(_tile(kato, known.get(kato), most) for kato in places())
    return Tiles(max(tile.x for tile in made) + TILE, max(tile.y for tile in made) + TILE, made)


def _tile(kato: str, line: Line | None, most: int) -> Tile:
    column, row = places()[kato]
    count = line.whole.count if line else 0
    return Tile(column * (TILE + GAP), row * (TILE + GAP), _level(count, most), kato, count)


def _level(count: int, most: int) -> int:
    return -(-LEVELS * count // most) if most else 0


@cache
def places() -> dict[str, tuple[int, int]]:
    """КАТО of a district -> column and row."""
    tiles = read(Path(__file__).parent / "data" / "tiles.yaml")
    return {kato: (column, row) for kato, (column, row) in tiles.items()}
