"""What happened: each action appends one row, in its own transaction.

Timelines, projections and the outbox read it. A reader advances only to the oldest transaction still running
(`pg_snapshot_xmin`), so a row whose transaction commits late is never skipped. `pg_notify` only wakes readers.
After a logical restore into a new cluster (pg_dump) its transaction counter must be raised above
`max(xid)` of the journal (pg_resetwal -x/-e), else readers wait for numbers that were already used.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from medet.base import bulk
from medet.base.actor import Actor
from medet.base.models import JournalEntry

CHANNEL = "medet"
Cursor = tuple[int, int]
START: Cursor = (0, 0)
NOTHING: Mapping[str, object] = MappingProxyType({})


def append(
    *,
    kind: str,
    by: Actor,
    now: datetime,
    object_uid: UUID,
    person_id: int | None = None,
    case_id: int | None = None,
    organisation_id: int | None = None,
    code: str = "",
    values: Mapping[str, object] | None = None,
) -> None:
    """Writes the row and wakes the readers when the transaction commits."""
    told = Told(object_uid, person_id, case_id, organisation_id, code, values or {})
    JournalEntry.objects.create(**_row(told, kind=kind, by=by, now=now))
    _wake({"kind": kind, "org": organisation_id, "uid": str(object_uid)})


def wake(*, kind: str, object_uid: UUID, organisation_id: int) -> None:
    """Only wakes the open pages: a change that is not worth a row, such as a phone that begins to ring."""
    _wake({"kind": kind, "org": organisation_id, "uid": str(object_uid)})


class Told(NamedTuple):
    """What one entry is about."""

    object_uid: UUID
    person_id: int | None = None
    case_id: int | None = None
    organisation_id: int | None = None
    code: str = ""
    values: Mapping[str, object] = NOTHING


def append_many(*, kind: str, by: Actor, now: datetime, told: Sequence[Told]) -> None:
    """The same of many things at once. Readers are woken once an organisation: what they see has changed as a whole."""
    bulk.insert(JournalEntry, [_row(one, kind=kind, by=by, now=now) for one in told])
    for organisation_id in sorted({one.organisation_id for one in told}, key=str):
        _wake({"kind": kind, "org": organisation_id, "uid": ""})


def _row(told: Told, *, kind: str, by: Actor, now: datetime) -> dict[str, Any]:
    about = {**told._asdict(), "values": dict(told.values)}
    return {"at": now, "kind": kind, "by_user_id": by.user_id, "by_label": by.label, **about}


def _wake(ids: dict[str, object]) -> None:
    """Ids only: a notification is at most 8 kB and is not protected like a table."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(ids)])


def read_after(cursor: Cursor = START, *, limit: int = 1000) -> tuple[list[JournalEntry], Cursor]:
    """The next settled rows in commit-safe order, and the cursor to go on from."""
    rows = list(JournalEntry.objects.settled().after(cursor)[:limit])
    return rows, rows[-1].cursor if rows else cursor
