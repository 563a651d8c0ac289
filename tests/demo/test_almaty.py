"""The source's period in small: a three-hundredth of each number in nine days, and the reports say exactly that."""

from datetime import date, time, timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import LOCAL
from medet.base.scope import scope
from medet.contacts.calls.models import CallAttempt
from medet.demo.past.life import at
from medet.reports.morning import STANDINGS
from tests.prove.almaty import compared
from tests.prove.almaty.load import alone, found_the_centre, live
from tests.prove.almaty.quotas import FIRST, LAST, Quotas, apportion, days

pytestmark = pytest.mark.django_db
SMALL = Quotas(one_of=300, first=date(2020, 11, 27), last=date(2020, 12, 5))
NIGHT = at(SMALL.last, time(18))


def test_the_numbers_of_the_source() -> None:
    whole = Quotas()
    assert sum(whole.intake.values()) == len(whole.stays) == 2_022
    assert sum(whole.rung_on(day) for day in days(FIRST, LAST)) == 4_569 + 2_756
    assert whole.outbound(11) + whole.outbound(12) == 22_342
    assert sum(stay.outcome == "hospitalise" for stay in whole.stays) == 25
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]


def test_the_period_in_small_is_exact_and_nobody_is_lost() -> None:
    found_the_centre(SMALL.first)
    with scope(WORKER):
        run = alone(SMALL)
    for day in days(SMALL.first, SMALL.last):
        live(day, SMALL, run, calls=day < SMALL.last)
    by = compared.actor(NIGHT)
    with scope(by):
        assert [line for line in compared.lines(SMALL, by) if not line.right] == []
        count, wrong = compared.opened(200, by)
        assert (count, wrong) == (200, [])
        assert _at_night(by.organisation_ids) == 0
    looked, unlike = compared.mornings(at(day, time(8)) for day in days(SMALL.first, SMALL.last))
    assert (looked >= 9 * len(STANDINGS), unlike) == (True, [])
    assert compared.loose(NIGHT) == 0
    assert compared.loose(NIGHT + timedelta(days=1)) > 0, "a day without a worker leaves people alone, and it is seen"


def _at_night(organisations: tuple[int, ...]) -> int:
    """Calls of the robot outside the hours in which people may be rung."""
    calls = CallAttempt.objects.filter(organisation__in=organisations, invited_at__isnull=False)
    assert calls.count() > 25
    return sum(not 9 <= call.invited_at.astimezone(LOCAL).hour < 20 for call in calls if call.invited_at)
