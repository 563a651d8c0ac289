"""Measured values as tiles: the last one with its tone by the programme's own thresholds, and the course before it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from medet.base import wording
from medet.monitoring import rules
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import due_progress, newest_file
from medet.monitoring.schema import Measure, Programme
from medet.records.models import Case, Reading
from medet.records.queries import numbers_of
from medet.web.parts.shapes import Tone, VitalTile

COURSE = 14
WINDOW = timedelta(days=21)


def vitals(case: Case, enrolment: Enrolment, *, now: datetime) -> list[VitalTile]:
    """A tile for each measure that has a value, then how many contacts were made."""
    programme = newest_file(enrolment.programme_code)
    rows = numbers_of(case, [measure.key for measure in programme.measures], since=now - WINDOW)
    measured = [measure for measure in programme.measures if rows[measure.key]]
    tiles = [_tile(programme, measure, rows[measure.key], now=now) for measure in measured]
    done, planned = due_progress(enrolment)
    if planned:
        tiles.append(VitalTile(_("Contacts made"), f"{done} / {planned}", note=_("up to today")))
    return tiles


def _tile(programme: Programme, measure: Measure, rows: Sequence[Reading], *, now: datetime) -> VitalTile:
    values = [row.number for row in rows[-COURSE:] if row.number is not None]
    last = values[-1]
    trend, trend_words = _trend(values)
    name, _sep, unit = measure.label.in_language(wording.language()).partition(", ")
    return VitalTile(
        label=name,
        value=wording.number(last, measure.decimals),
        unit=unit,
        tone=tone_of(programme, measure.key, last),
        trend=trend,
        trend_label=trend_words,
        note=wording.near(rows[-1].at, now=now),
        values=tuple(float(value) for value in values),
        course=_("last values: %(values)s")
        % {"values": "; ".join(wording.number(value, measure.decimals) for value in values)},
    )


def tone_of(programme: Programme, key: str, value: Decimal) -> Tone:
    """The band of the gravest rule that this one value fulfils by itself."""
    bands = {rule.band for rule in programme.rules if set(rule.when) == {key} and rules.holds(rule, {key: value})}
    return "red" if "red" in bands else "amber" if "amber" in bands else "grey"


def _trend(values: Sequence[Decimal]) -> tuple[Literal["", "up", "down"], str]:
    if len(values) < 2 or values[-1] == values[-2]:
        return "", ""
    return ("up", _("rose")) if values[-1] > values[-2] else ("down", _("fell"))
