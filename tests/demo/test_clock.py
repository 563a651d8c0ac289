"""The demo's clock is within calling hours, whenever it is started, and never goes back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.demo.clock import CLOSES, OPENS, offset

ZONE = ZoneInfo("Asia/Almaty")
WALL = st.timedeltas(timedelta(0), timedelta(days=1500)).map(lambda later: datetime(2026, 1, 1, tzinfo=UTC) + later)
LAST = st.timedeltas(timedelta(0), timedelta(days=400))


@given(WALL, LAST)
def test_always_within_calling_hours_and_never_back(wall: datetime, last: timedelta) -> None:
    now = offset(wall, last, ZONE)
    assert OPENS <= (wall + now).astimezone(ZONE).time() < CLOSES
    assert now >= last
    assert now - last < timedelta(hours=16)


@pytest.mark.parametrize(("hour", "shown"), [(6, 11), (10, 15), (16, 10), (22, 10), (3, 10)])
def test_hours_of_the_wall_in_utc(hour: int, shown: int) -> None:
    wall = datetime(2026, 11, 22, hour, tzinfo=UTC)
    assert (wall + offset(wall, timedelta(), ZONE)).astimezone(ZONE).hour == shown
