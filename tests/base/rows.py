"""What the tests of base share: connections of both roles and a few rows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db import connection as djangos
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper

from medet.base import audit, evidence, journal
from medet.base.actor import WORKER
from medet.base.ids import uuid7

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@contextmanager
def as_owner() -> Iterator[psycopg.Connection]:
    """The role that owns the tables; autocommit."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"], autocommit=True) as connection:
        yield connection


@contextmanager
def as_app() -> Iterator[psycopg.Connection]:
    """A second connection of the application, with transactions of its own."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        yield connection


def happened(kind: str, uid: UUID | None = None) -> None:
    """One row in the journal."""
    journal.append(kind=kind, by=WORKER, now=NOW, object_uid=uid or uuid7())


def read_card(person: int, at: datetime = NOW) -> None:
    """One row in the audit."""
    audit.record(by=WORKER, now=at, action="card.read", person_id=person, reason="ё")


def ended_call(seconds: float) -> UUID:
    """One piece of evidence."""
    return evidence.keep(kind="call.ended", object_uid=uuid7(), facts={"seconds": seconds}, by=WORKER, now=NOW)


class _OwnersEditor:
    """As much of a schema editor as migration operations need, on the owner's connection."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner = owner
        self.connection = self

    def execute(self, statement: Any) -> None:
        self.owner.execute(statement)

    def cursor(self) -> CursorWrapper:
        return CursorWrapper(cast(Any, self.owner.cursor()), djangos)

    def quote_name(self, name: str) -> str:
        return f'"{name}"'


def editor_of(owner: psycopg.Connection) -> BaseDatabaseSchemaEditor:
    """For running a migration operation by itself."""
    return cast(BaseDatabaseSchemaEditor, _OwnersEditor(owner))
