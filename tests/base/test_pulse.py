"""Processes say that they live."""

from datetime import timedelta

import pytest

from medet.base.models import Pulse
from medet.base.pulse import SILENT_AFTER, beat, is_alive
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_a_process_that_says_nothing_is_silent():
    assert not is_alive("phone", now=NOON)
    beat(name="phone", now=NOON, calls=3)
    assert is_alive("phone", now=NOON + SILENT_AFTER - timedelta(seconds=1))
    assert not is_alive("phone", now=NOON + SILENT_AFTER + timedelta(seconds=1))
    assert not is_alive("worker", now=NOON)


def test_it_began_when_it_was_last_heard_of_after_a_silence():
    for seconds in (0, 15, 30):
        beat(name="phone", now=NOON + timedelta(seconds=seconds), calls=seconds)
    row = Pulse.objects.get()
    assert (row.began_at, row.facts) == (NOON, {"calls": 30})
    back = NOON + timedelta(minutes=5)
    beat(name="phone", now=back)
    assert Pulse.objects.get().began_at == back
