"""Wall-clock arithmetic of the rota. Pure: days and times of day in, moments out.

Where the clock was turned back an hour exists twice; the later one is meant, as PostgreSQL's `at time zone` does.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEK = timedelta(days=7)


def moment(day: date, clock: time, zone: tzinfo) -> datetime:
    """The moment at which a clock on the wall shows this."""
    return datetime.combine(day, clock, zone).replace(fold=1).astimezone(UTC)


def span(day: date, starts: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """From one time of day to another; an end that is not later lies on the next day."""
    last = day if ends > starts else day + timedelta(days=1)
    return moment(day, starts, zone), moment(last, ends, zone)


def week_later(at: datetime, zone: tzinfo) -> datetime:
    """The same weekday and time on the wall seven days on, whatever the clocks did meanwhile."""
    local = at.astimezone(zone)
    return moment(local.date() + WEEK, local.time(), zone)


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def overlaps(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two half-open spans share a moment."""
    return one[0] < other[1] and other[0] < one[1]
