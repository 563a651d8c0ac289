"""What a preset comes to: on the trunk of the administrator's page, on the environment's, and without one."""

from datetime import timedelta

import pytest
from django.utils import translation

from medet.contacts.line.actions import TrunkData, put_trunk
from medet.contacts.line.queries import line_limits
from medet.web.centre.robot.effects import effects
from tests import make

NOW = make.NOON
CALL = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def environment(settings, **trunk):
    settings.TELEPHONY = settings.TELEPHONY | {"trunk": settings.TELEPHONY["trunk"] | trunk}


def row(town, **limits):
    data = TrunkData(
        address="sip.example.kz:5060",
        user="medet",
        password=None,
        register=False,
        caller_id="",
        allowed_prefixes=["+7"],
        **limits,
    )
    put_trunk(data=data, by=town.actor("saule"), now=NOW)


def urgent():
    return next(one for one in effects(people=600, call=CALL, now=NOW) if one.code == "urgent")


def test_the_trunk_of_the_page_is_the_one_that_rings(town, settings):
    environment(settings, address="", max_channels=30, attempts_per_s=5.0)
    row(town, max_channels=60, attempts_per_s=1)
    assert (urgent().lines[0], urgent().end) == ("60 of 60 lines at once", "Everybody would be rung once by 12:10.")
    row(town, max_channels=10, attempts_per_s=20)
    assert [one.lines[0] for one in effects(people=600, call=CALL, now=NOW)] == [
        "3 of 10 lines at once",
        "7 of 10 lines at once",
        "10 of 10 lines at once",
    ]


def test_a_trunk_of_the_environment_goes_before_it(town, settings):
    environment(settings, address="127.0.0.1:5070", max_channels=20, attempts_per_s=0.5)
    row(town, max_channels=60, attempts_per_s=5)
    assert line_limits() == (20, 0.5)
    assert (urgent().lines[0], urgent().end) == ("20 of 20 lines at once", "Everybody would be rung once by 12:20.")


def test_without_a_trunk_nothing_is_promised(town, settings):
    environment(settings, address="")
    assert line_limits() is None
    assert (urgent().lines[0], urgent().end) == (
        "100 % of the lines at once",
        "No telephone trunk is set, so the end is not known.",
    )
