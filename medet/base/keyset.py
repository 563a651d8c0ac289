"""Pages of a list by the key of its last row: whatever comes or goes meanwhile, nobody is passed over.

For rows with a `uid`, ordered by one moment and their key. Only the uid stands in an address.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet


def key_of(row: Any, field: str) -> str:
    """What the next page begins behind."""
    return f"{getattr(row, field).isoformat()}~{row.uid}"


def behind(rows: QuerySet[Any], field: str, key: str, *, backwards: bool = False) -> QuerySet[Any]:
    """The rows after a key in the order (`field`, key), or in the opposite one; nonsense is the beginning."""
    at, _tilde, uid = key.rpartition("~")
    try:
        moment, last = datetime.fromisoformat(at), UUID(uid)
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    number = rows.model._default_manager.filter(uid=last).values("pk")
    after = "lt" if backwards else "gt"
    return rows.filter(Q(**{f"{field}__{after}": moment}) | Q(**{field: moment, f"pk__{after}": number}))
