"""A live Medet for a test: its own database, noon on the clock, processes that end with the test."""

import pytest

from tests.live import running as live
from tests.prove.house import house as prove_house
from tests.prove.house import own_cluster, own_house


@pytest.fixture
def medet(live_database, tmp_path, settings):
    """The environment; a test starts the processes it needs."""
    with live.medet(live_database, tmp_path) as running:
        settings.DEMO = True
        # The pages run with the product's settings, so passwords are hashed as they are there.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        settings.CLOCK_OFFSET = float(running.env["MEDET_CLOCK_OFFSET"])
        yield running


@pytest.fixture
def house(live_database, tmp_path):
    """A city with quick recordings; a test starts the processes it needs."""
    with prove_house(live_database, tmp_path) as made:
        yield made


@pytest.fixture
def killable(django_db_blocker):
    """A house whose PostgreSQL may be killed."""
    with own_cluster() as postgres, django_db_blocker.unblock(), own_house(postgres) as made:
        yield made
