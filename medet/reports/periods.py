"""The days a report is about, in the calendar of the place where the centre works. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """Whole days, both ends included."""

    first: date
    last: date

    def months(self) -> list[date]:
        """The first day of every month the period touches."""
        return list(_months(self.first.replace(day=1), self.last))

    def month(self, first_day: date) -> "Period":
        """What of the period lies in the month that begins on this day."""
        end = first_day.replace(day=monthrange(first_day.year, first_day.month)[1])
        return Period(max(self.first, first_day), min(self.last, end))

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day (not included): a zone may change in between."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
