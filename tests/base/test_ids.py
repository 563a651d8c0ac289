"""UUIDv7: version, variant, time and order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from medet.base.ids import uuid7

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def milliseconds(uid: UUID) -> int:
    return uid.int >> 80


@given(TIMES)
def test_it_carries_version_variant_and_the_given_time(moment):
    uid = uuid7(moment)
    assert (uid.version, uid.variant) == (7, RFC_4122)
    late = milliseconds(uid) - (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert 0 <= late <= 1000  # it counts on after a younger one made just before


def test_they_sort_in_the_order_they_were_made():
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_standing_clock_still_sorts():
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    made = [uuid7(moment) for _ in range(5_000)]
    assert made == sorted(made)
    assert milliseconds(made[-1]) - milliseconds(made[0]) <= 2


def test_the_clock_may_step_back_a_little_and_history_keeps_its_time():
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    first, second = uuid7(moment), uuid7(moment - timedelta(milliseconds=500))
    assert first < second
    assert uuid7(moment - timedelta(days=700)) < first


def test_threads_never_share_one():
    with ThreadPoolExecutor(8) as pool:
        made = [uid for made in pool.map(lambda _: [uuid7() for _ in range(2_000)], range(8)) for uid in made]
    assert len(set(made)) == len(made)
