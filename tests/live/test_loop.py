"""The small form of the loop: danger keys over real SIP stand on both open desks, within the promise."""

import os

from tests.conftest import pointed_at
from tests.prove import figures, loop
from tests.prove.house import house
from tests.web.browser import chromium

CALLS = 4


def test_a_danger_key_stands_on_both_open_desks(databases, django_db_blocker, tmp_path):
    # The browser comes first: its event loop gives this thread other connections to the database.
    with chromium() as browser, databases.copy() as addresses, django_db_blocker.unblock(), pointed_at(addresses):
        env = os.environ | addresses | {"DJANGO_SETTINGS_MODULE": "medet.settings"}
        with house(env, tmp_path) as city:
            seen = loop.run(city, browser, calls=CALLS)
    for desk in loop.DESKS:
        delays = seen.delays(desk)
        assert len(delays) == CALLS
        assert figures.quantile(delays, 0.99) <= loop.LIMIT_S, delays
