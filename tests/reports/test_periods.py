"""Days of a report."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from medet.reports.periods import Period
from medet.reports.tables import change, share

AUTUMN = Period(date(2020, 11, 1), date(2020, 12, 19))


def test_months_are_cut_at_the_ends():
    assert AUTUMN.months() == [date(2020, 11, 1), date(2020, 12, 1)]
    assert AUTUMN.month(date(2020, 11, 1)) == Period(date(2020, 11, 1), date(2020, 11, 30))
    assert AUTUMN.month(date(2020, 12, 1)) == Period(date(2020, 12, 1), date(2020, 12, 19))
    winter = Period(date(2020, 12, 5), date(2021, 2, 3)).months()
    assert winter == [date(2020, 12, 1), date(2021, 1, 1), date(2021, 2, 1)]


def test_midnights_follow_the_zone_through_its_change():
    """Almaty went from +6 to +5 on 1 March 2024."""
    zone = ZoneInfo("Asia/Almaty")
    first, after = Period(date(2024, 2, 29), date(2024, 3, 1)).moments(zone)
    assert first.astimezone(UTC) == datetime(2024, 2, 28, 18, tzinfo=UTC)
    assert after.astimezone(UTC) == datetime(2024, 3, 1, 19, tzinfo=UTC)


def test_shares_are_those_of_the_source():
    assert str(share(4569, 7325)) == "62.38"
    assert str(share(9763, 22342)) == "43.70"
    assert share(1, 0) is None
    assert str(change([4569, 2756])) == "-39.7"
    assert change([0, 5]) is None
    assert change([5]) is None
