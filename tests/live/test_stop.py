"""The small form of `make prove-stop`: no INVITE leaves later than promised, and then the robot rings again."""

from medet.base.clock import now
from medet.base.scope import scope
from medet.flows.stop_robot import stop_robot
from tests.prove import stop


def test_no_invite_leaves_after_the_stop(house):
    def press():
        saule = house.town.actor("saule", now=now())
        with scope(saule):
            stop_robot(organisation_id=house.town.centre.pk, by=saule, now=now())

    with stop.city(house.running.folder) as telephones:
        stop.ready_to_ring(house, telephones, people=70, robots=1, rate=20)
        made = stop.press_and_watch(house, telephones, press, wanted=20)
    assert made.last_s <= stop.LIMIT_S, made
    assert made.again > 0
    assert house.orphans() == []
