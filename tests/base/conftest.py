"""One real database for a file of tests that commit: making one for each test would take half a minute in all."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.base.rows import as_owner
from tests.conftest import pointed_at
from tests.database import TestDatabases

APPEND_ONLY = ("journal_entry", "audit_entry", "evidence", "seal")


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, databases: TestDatabases, django_db_blocker: Any) -> Iterator[None]:
    """Lives as long as the file's tests; comes after django_db_setup, so that each gives back what it found."""
    with databases.copy() as addresses, django_db_blocker.unblock(), pointed_at(addresses):
        yield


@pytest.fixture
def committed(module_database: None) -> dict[str, str]:
    """Real commits into empty, guarded base tables; gives the environment with the addresses."""
    with as_owner() as owner:
        owner.execute(f"truncate {', '.join(APPEND_ONLY)} restart identity")
        for table in APPEND_ONLY:
            owner.execute(f"alter table {table} enable trigger user")
    return dict(os.environ)
