"""A live Medet for a test: its own database, noon on the clock, processes that end with the test."""

import pytest

from tests.live import running as live


@pytest.fixture
def medet(live_database, tmp_path, settings):
    """The environment; a test starts the processes it needs."""
    with live.medet(live_database, tmp_path) as running:
        settings.DEMO = True
        # The pages run with the product's settings, so passwords are hashed as they are there.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        settings.CLOCK_OFFSET = float(running.env["MEDET_CLOCK_OFFSET"])
        yield running
