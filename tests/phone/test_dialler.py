"""How many attempts the dialler claims: never more than the trunk can ring now."""

from types import SimpleNamespace

import pytest

from medet.engines.telephony import Capacity
from medet.phone.dialler import Dialler


def room(*, live, free, rate, pending=0, talking=0):
    """The room a dialler sees with so many calls of its own; `live` of the trunk counts inbound ones too."""
    engine = SimpleNamespace(capacity=lambda: Capacity(live, free, rate))
    dialler = Dialler(SimpleNamespace(engine=engine), worker="test")
    invited = [False] * pending + [True] * talking
    dialler.live = {number: SimpleNamespace(invited=each) for number, each in enumerate(invited)}
    return dialler._room()


@pytest.mark.parametrize(
    ("trunk", "expected"),
    [
        (dict(live=0, free=30, rate=5), 5),  # by the second
        (dict(live=28, free=2, rate=5, talking=28), 2),  # by the channels
        (dict(live=0, free=30, rate=5, pending=5), 0),  # claimed and not yet sent
        (dict(live=0, free=3, rate=5, pending=2), 1),
        (dict(live=0, free=30, rate=0.5), 1),  # slower than one a second
        (dict(live=4, free=0, rate=5), 0),  # the trunk is down while people ring us
        (dict(live=4, free=0, rate=5, talking=2), 0),
        (dict(live=0, free=1, rate=5), 1),  # a silent trunk is tried with one call
    ],
)
def test_room(trunk, expected):
    assert room(**trunk) == expected
