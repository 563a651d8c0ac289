"""Who looked at or changed what: every read of a person's record, search, export, playback and change."""

from datetime import datetime
from uuid import UUID

from medet.base.actor import Actor
from medet.base.models import LISTED, AuditEntry

LIST = LISTED  # people were shown in a list; their keys stand in `people`


def record(
    *,
    by: Actor,
    now: datetime,
    action: str,
    person_id: int | None = None,
    object_uid: UUID | None = None,
    organisation_id: int | None = None,
    **detail: object,
) -> None:
    """Adds one row in the caller's transaction; it is sealed into the chain within a minute (base/seals.py)."""
    AuditEntry.objects.create(
        at=now,
        action=action,
        by_user_id=by.user_id,
        by_label=by.label,
        person_id=person_id,
        object_uid=object_uid,
        organisation_id=organisation_id,
        detail=detail,
    )
