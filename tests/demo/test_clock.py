"""The demo's clock always stands within calling hours when a demo starts, and never goes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from medet.demo.clock import CLOSES, OPENS, kept_offset, offset

ALMATY = ZoneInfo("Asia/Almaty")
MOMENTS = some.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001 -- hypothesis wants it naive
PAUSES = some.lists(some.timedeltas(min_value=timedelta(hours=-5), max_value=timedelta(days=3)), max_size=8)


@given(MOMENTS, some.timedeltas(min_value=timedelta(), max_value=timedelta(days=30)))
def test_the_smallest_offset_within_calling_hours(wall: datetime, least: timedelta) -> None:
    found = offset(wall, least, ALMATY)
    assert OPENS <= (wall + found).astimezone(ALMATY).time() < CLOSES
    assert least <= found < least + timedelta(hours=15, minutes=6)
    if found > least:  # one moment earlier it was still too early
        assert (wall + found - timedelta(seconds=1)).astimezone(ALMATY).time() < OPENS


@settings(max_examples=50)
@given(MOMENTS, PAUSES)
def test_it_never_goes_back_over_restarts(wall: datetime, pauses: list[timedelta]) -> None:
    """Not even when the wall clock was set back between two starts."""
    with TemporaryDirectory() as folder:
        shown = wall + kept_offset(Path(folder), ALMATY, wall)
        for pause in pauses:
            wall += pause
            found = wall + kept_offset(Path(folder), ALMATY, wall)
            assert found >= shown
            assert OPENS <= found.astimezone(ALMATY).time() < CLOSES
            shown = found


def test_by_day_it_is_the_wall_clock(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert kept_offset(tmp_path, ALMATY, noon) == timedelta()
