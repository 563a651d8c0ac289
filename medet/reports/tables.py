"""A report as values: lines of figures, month by month, with shares. Pure; pages and files are made from these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from medet.reports.periods import Period

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """One number and what it takes to list its rows: measure, days, and the part of a breakdown."""

    count: int
    measure: str
    period: Period | None
    breakdown: str = ""
    part: str = ""
    share: Decimal | None = None  # of the column, in percent


@dataclass(frozen=True)
class Line:
    """One part: its figure in every month, and over the whole period."""

    part: str
    label: str
    months: tuple[Figure, ...]
    whole: Figure
    change: Decimal | None = None  # last month against the one before, in percent


@dataclass(frozen=True)
class Table:
    """A measure split by something; without a breakdown it has the line of all only."""

    measure: str
    breakdown: str
    title: str
    split: str
    how: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]
    all: Line
    is_map: bool = False

    @property
    def figures(self) -> list[Figure]:
        """Every number that stands in the table."""
        return [figure for line in (*self.lines, self.all) for figure in (*line.months, line.whole)]


def share(part: int, whole: int) -> Decimal | None:
    """In percent to two places, half up, as the source counts (62.38 %)."""
    return (Decimal(100 * part) / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None


def change(months: Sequence[int]) -> Decimal | None:
    """The last month against the one before it, in percent."""
    if len(months) < 2 or not months[-2]:
        return None
    return (Decimal(100 * (months[-1] - months[-2])) / months[-2]).quantize(Decimal("0.1"), ROUND_HALF_UP)


def line(
    *, part: str, label: str, counts: Mapping[date, int], whole: int, like: Figure, months: Mapping[date, int], of: int
) -> Line:
    """A line from its counts; `months` and `of` are the figures of all, for the shares."""
    figures = tuple(
        _figure(counts.get(month, 0), months.get(month, 0), part, like, _within(like.period, month)) for month in months
    )
    return Line(
        part=part,
        label=label,
        months=figures,
        whole=_figure(whole, of, part, like, like.period),
        change=change([figure.count for figure in figures]),
    )


def _figure(count: int, of: int, part: str, like: Figure, period: Period | None) -> Figure:
    return Figure(count, like.measure, period, like.breakdown if part else "", part, share(count, of))


def _within(period: Period | None, month: date) -> Period | None:
    return period.month(month) if period else None
