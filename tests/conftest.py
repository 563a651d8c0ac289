"""Fixtures of all tests: a migrated database seen through the application's role, and no network but the loopback."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from medet.base import punctual
from tests import network
from tests.database import TestDatabases, settings_entry, test_cluster
from tests.standing import standing

pytest_plugins = ["pytester"]

# Two busy cores: a slow example is no fault, and CI tries the same examples every time.
settings.register_profile("medet", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("medet")

# The longest files begin first, so that no process ends alone with one; the telephones' folder has one engine.
# Some wait for telephones and for processes of ours most of their time, and others need a core for themselves: they
# run beside each other, one of the former to two of the latter.
THAT_WAIT = ("live/test_story", "engines/", "live/", "demo/test_phones", "supervisor/")
THAT_WORK = (
    "demo/",
    "pages/",
    "web/operator/test_by",
    "web/doctor/test_by",
    "web/centre/",
    "web/operator/test_search_by",
    "web/test_",
    "flows/test_take",
    "test_hours",
    "push/",
)
ONE_PROCESS = "tests/engines/telephony/"
# A voice that comes late is not heard: whoever has no telephone on the line gives way on a full machine.
PUNCTUAL = ("tests/engines/", "tests/live/", "tests/demo/test_phones")
TRUNCATES = ("transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of the lists above; all others stay as they were collected."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(_scope(item.nodeid), []).append(item)
    wait, work = (sorted(filter(only, files), key=_place) for only in (_waits, lambda file: not _waits(file)))
    order = chain(*zip_longest(wait, work[::2], work[1::2], fillvalue=""))
    items[:] = [item for file in order if file for item in files[file]]


def _waits(file: str) -> bool:
    return file.startswith(tuple(f"tests/{start}" for start in THAT_WAIT))


def _place(file: str) -> int:
    starts = [f"tests/{start}" for start in (*THAT_WAIT, *THAT_WORK)]
    return next((number for number, start in enumerate(starts) if file.startswith(start)), len(starts))


def _scope(nodeid: str) -> str:
    """What one process runs: a file of tests, or the folder with one engine."""
    return ONE_PROCESS if nodeid.startswith(ONE_PROCESS) else nodeid.split("::", 1)[0]


class Scheduling(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """A file of tests is run by one process, and a folder with one engine too."""

    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """For `-n`."""
    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """Two thousand collected tests are no garbage: looking at them again and again cost a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`transaction=True` would empty tables by TRUNCATE, which the application's role may not."""
    _share_time(item)
    marker = item.get_closest_marker("django_db")
    asked = bool(marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)))
    used = [name for name in TRUNCATES if name in getattr(item, "fixturenames", ())]
    if asked or used:
        pytest.fail(f"{' '.join(used) or 'transaction=True'} truncates tables: use the fixture live_database.", False)


def _share_time(item: pytest.Item) -> None:
    """Here the engine runs in the tests' own process, and there is one such process: it leaves the others' session."""
    if item.nodeid.startswith(ONE_PROCESS):
        if os.environ.get("PYTEST_XDIST_WORKER") and os.getsid(0) != os.getpid():
            os.setsid()
        punctual.keep_time()
    elif not item.nodeid.startswith(PUNCTUAL):
        punctual.give_way()


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with network.loopback_only():
        yield


@pytest.fixture(scope="session")
def databases() -> Iterator[TestDatabases]:
    """The tests' PostgreSQL, started when the first test asks for it."""
    with test_cluster() as postgres:
        yield TestDatabases(postgres)


@contextmanager
def pointed_at(addresses: dict[str, str]) -> Iterator[None]:
    """Lead Django's default connection and the environment of later children to a database."""
    standing.take_away()
    entry = connections.settings["default"]
    before = dict(entry), {name: os.environ.get(name, "") for name in addresses}
    connections.close_all()
    entry.update(settings_entry(addresses["DATABASE_URL"]))
    os.environ.update(addresses)
    try:
        yield
    finally:
        standing.take_away()
        connections.close_all()
        entry.update(before[0])
        os.environ.update(before[1])


@pytest.fixture(scope="session")
def django_db_setup(databases: TestDatabases, django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's: one copy of the migrated template for all tests that roll back."""
    with databases.copy() as addresses, django_db_blocker.unblock(), pointed_at(addresses):
        yield


@pytest.fixture
def live_database(
    request: pytest.FixtureRequest, databases: TestDatabases, django_db_blocker: Any
) -> Iterator[dict[str, str]]:
    """A database of its own for tests with real processes and commits; yields the environment for children."""
    if request.node.get_closest_marker("django_db"):
        pytest.fail("live_database commits for real: do not mark the test with django_db.", False)
    with databases.copy() as addresses, django_db_blocker.unblock(), pointed_at(addresses):
        yield dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "medet.settings"}


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """The last moment before the transaction of a test begins."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            standing.raise_city() if "cast" in request.fixturenames else standing.take_away()


@pytest.fixture
def cast(db: None) -> Any:
    """The cast and nobody ill yet, in a transaction that is rolled back."""
    return standing.city()


@pytest.fixture
def town(cast: Any) -> Iterator[Any]:
    """The same, seen by the worker."""
    # Imported late: models cannot be loaded before Django is set up.
    from medet.base.actor import WORKER
    from medet.base.scope import scope

    with scope(WORKER):
        yield cast
