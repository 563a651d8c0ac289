"""Words that every kind of file needs."""

from datetime import date, datetime

from babel.dates import format_date
from django.utils.translation import gettext as _

from medet.base import wording
from medet.reports.periods import Period
from medet.reports.tables import Table


def heading(table: Table) -> str:
    """What is counted, split by what."""
    return f"{table.title} · {table.split}"


def month_name(month: date) -> str:
    """`қараша 2020`, standing alone."""
    return format_date(month, "LLLL y", locale=wording.language())


def days(period: Period) -> str:
    """From which day to which."""
    return f"{wording.day(period.first, 'short')} – {wording.day(period.last, 'short')}"


def made_at(now: datetime) -> str:
    """When the file was made: figures of a running day change."""
    return _("Made %(moment)s") % {"moment": wording.moment(now)}


def columns(table: Table) -> list[str]:
    """The words above the columns."""
    months = [part for month in table.months for part in (month_name(month), "%")]
    return [table.split, *months, _("Altogether"), "%", *([_("Change, %")] if len(table.months) > 1 else [])]
