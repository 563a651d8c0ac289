"""Facts kept when they happen (call ended, file uploaded, visit ended), so that counted means proven."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from medet.base.actor import Actor
from medet.base.canonical import canonical, plain
from medet.base.ids import uuid7
from medet.base.models import Evidence


def keep(*, kind: str, object_uid: UUID, facts: Mapping[str, object], by: Actor, now: datetime) -> UUID:
    """Keeps the facts with their hash; the answer is the uid to cite."""
    uid = uuid7(now)
    Evidence.objects.create(
        uid=uid,
        at=now,
        kind=kind,
        object_uid=object_uid,
        facts=plain(dict(facts)),
        sha256=digest(facts),
        by_user_id=by.user_id,
        by_label=by.label,
    )
    return uid


def digest(facts: Mapping[str, object]) -> bytes:
    """SHA-256 over the canonical JSON of the facts."""
    return hashlib.sha256(canonical(dict(facts))).digest()
