"""A pytest plugin, `-p tests.travel`: the whole run begins at the moment of TESTS_AT, and goes on from there."""

import os
from datetime import datetime

import pytest
import time_machine


def pytest_configure(config: pytest.Config) -> None:
    """Python's clock only; tests/prove/hours.py moves PostgreSQL's too."""
    travel = time_machine.travel(datetime.fromisoformat(os.environ["TESTS_AT"]), tick=True)
    travel.start()
    config.add_cleanup(travel.stop)
