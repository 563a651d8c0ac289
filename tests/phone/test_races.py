"""The small form of the races: after the end of a case is committed, no ring starts."""

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.models import CallAttempt, CallOrder
from medet.flows.loops import orphans
from tests import make
from tests.prove import races


def test_no_ring_starts_after_the_end_of_a_case(live_database):
    outcomes = races.run(20)
    assert outcomes["violation"] + outcomes["fault"] == 0
    assert sum(outcomes.values()) == 20
    with scope(WORKER):
        assert list(orphans(now=make.NOON)) == []
        assert not CallOrder.objects.filter(state="waiting").exists()
        # What was permitted before the end is asked to hang up.
        assert not CallAttempt.objects.filter(state="claimed").exists()
        assert not CallAttempt.objects.filter(state="dialling", hang_up=False).exists()
