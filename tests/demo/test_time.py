"""A few days with unreliable clinics: nobody is without an owner, and every home visit has ended or has one."""

import pytest

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.handovers.models import HomeVisit
from medet.handovers.states import OPEN
from tests.prove.almaty.load import found_the_centre
from tests.prove.almaty.quotas import days
from tests.prove.time import FIRST, Crowd, alone, live

pytestmark = pytest.mark.django_db
SMALL = Crowd(patients=16, days=4, every=4)


def test_midnights_with_unreliable_clinics() -> None:
    found_the_centre(FIRST)
    with scope(WORKER):
        run = alone(SMALL)
    nights = [live(day, run, crowd=SMALL) for day in days(FIRST, SMALL.last)]
    assert [night for night in nights if not night.right] == []
    last = nights[-1]
    assert last.sent >= last.ended > 0
    assert max(night.open for night in nights) > 0, "some clinics let a midnight pass"
    with scope(WORKER):
        assert HomeVisit.objects.filter(state__in=OPEN).count() == last.open
    assert sum(night.done for night in nights) > 40
    assert max(night.climbed for night in nights) > 0, "on a day when nobody rings by hand tasks climb"
