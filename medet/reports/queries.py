"""Figures and their lists, from the same rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, DateField, Q, QuerySet, Value
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base import refused
from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.base.refused import Refused
from medet.reports.breakdowns import Breakdown
from medet.reports.measures import MEASURES, Measure
from medet.reports.periods import Period
from medet.reports.tables import Figure, Line, Table, line

refused.register(
    {
        "report.unknown": gettext_lazy("There is no such figure."),
        "report.period": gettext_lazy(
            "The first day must not be after the last, and at most %(years)s years lie between them."
        ),
    }
)
Counts = dict[str, dict[date, int]]
NO_MONTH = date.min  # how things stand now has no months


def tables(*, period: Period, by: Actor) -> Iterator[Table]:
    """The whole report: each measure split by everything it can be split by."""
    for measure in MEASURES.values():
        for breakdown in measure.by:
            yield table(measure, breakdown, period=period, by=by)


def table(measure: Measure, breakdown: Breakdown, *, period: Period, by: Actor) -> Table:
    """One measure split by one thing, month by month: two queries."""
    rows, like = measure.within(period, by), Figure(0, measure.code, period if measure.at else None, breakdown.code)
    months = period.months() if measure.at else []
    total = _counts(rows, measure, Value(""))[""]
    found = _counts(rows, measure, breakdown.part())
    per_month = {month: total.get(month, 0) for month in months}

    def made(part: str, label: str, counts: Mapping[date, int]) -> Line:
        whole = sum(counts.values())
        return line(part=part, label=label, counts=counts, whole=whole, like=like, months=per_month, of=_sum(total))

    return Table(
        measure=measure.code,
        breakdown=breakdown.code,
        title=str(measure.title),
        split=str(breakdown.title),
        how=str(measure.how),
        months=tuple(months),
        lines=tuple(made(part, label, found.get(part, {})) for part, label in _parts(breakdown, found)),
        all=made("", _("Altogether"), total),
        is_map=breakdown.is_map,
    )


def _parts(breakdown: Breakdown, found: Counts) -> Iterator[tuple[str, str]]:
    """Parts with something in them; whatever the list does not know comes last, so that the sum is right."""
    listed = breakdown.parts()
    yield from ((part, label) for part, label in listed if part in found)
    for part in sorted(set(found) - {part for part, _label in listed}):
        yield part, part or _("Not known yet")


def _counts(rows: QuerySet[Any], measure: Measure, part: Any) -> Counts:
    """Rows counted by part and month."""
    found: Counts = defaultdict(dict)
    grouped = rows.order_by().annotate(part_=part)
    if not measure.at:
        for value, count in grouped.values_list("part_").annotate(count=Count("pk")):
            found[value][NO_MONTH] = count
        return found
    zone = {} if measure.at_is_day else {"tzinfo": LOCAL}
    grouped = grouped.annotate(month_=TruncMonth(measure.at, output_field=DateField(), **zone))
    for value, month, count in grouped.values_list("part_", "month_").annotate(count=Count("pk")):
        found[value][month] = count
    return found


def _sum(counts: Mapping[date, int]) -> int:
    return sum(counts.values())


def rows_of(figure: Figure, *, by: Actor) -> QuerySet[Any]:
    """The rows a figure counts, newest first; refuses what is no figure of ours."""
    measure = MEASURES.get(figure.measure)
    breakdown = measure.part(figure.breakdown) if measure and figure.breakdown else None
    if measure is None or (figure.breakdown and breakdown is None) or (measure.at and figure.period is None):
        raise Refused("report.unknown")
    rows = measure.within(figure.period, by) if figure.period else measure.rows(by)
    if breakdown:
        rows = _of_part(rows, breakdown, figure.part)
    return rows.order_by(*_order(measure)).select_related(measure.person)


def _of_part(rows: QuerySet[Any], breakdown: Breakdown, part: str) -> QuerySet[Any]:
    if breakdown.only:
        return rows.filter(breakdown.only(part))
    marked: QuerySet[Any] = rows.annotate(part_=breakdown.part())
    return marked.filter(part_=part)


def _order(measure: Measure) -> tuple[str, ...]:
    return (f"-{measure.at}", "-pk") if measure.at else ("-pk",)


def key_of(row: Any, measure: Measure) -> str:
    """What the next page of a list begins after."""
    at = getattr(row, measure.at).isoformat() if measure.at else ""
    return f"{at}~{row.pk}"


def after(rows: QuerySet[Any], measure: Measure, key: str) -> QuerySet[Any]:
    """The rows behind a key; a key that says nothing is the beginning."""
    at, _tilde, pk = key.rpartition("~")
    if not pk:
        return rows
    try:
        column = rows.model._meta.pk.to_python(pk)
        if not measure.at:
            return rows.filter(pk__lt=column)
        moment = date.fromisoformat(at) if measure.at_is_day else datetime.fromisoformat(at)
    except (ValueError, ValidationError):
        return rows
    return rows.filter(Q(**{f"{measure.at}__lt": moment}) | Q(**{measure.at: moment}, pk__lt=column))
