"""Who saw a human being: every opened record, and every list in which they stood (docs/decisions/0010)."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from medet.base import audit
from medet.base.actor import Actor
from medet.base.models import AuditEntry
from medet.people.models import Person
from medet.people.queries import records_of

ASKED = "looks"


def looks_at(person: Person, *, since: datetime | None = None) -> QuerySet[AuditEntry]:
    """Rows of the audit about somebody, under whichever record they were shown, newest first."""
    records = records_of(person)
    shown = reduce(or_, (Q(detail__people__contains=[key]) for key in records))
    rows = AuditEntry.objects.filter(Q(person_id__in=records) | Q(shown, action=audit.LIST))
    return (rows.filter(at__gte=since) if since else rows).order_by("-at", "-pk")


@transaction.atomic
def ask_who_saw(*, person: Person, since: datetime | None, by: Actor, now: datetime) -> list[AuditEntry]:
    """The same for somebody who guards the data; that they asked is in the audit too."""
    found = list(looks_at(person, since=since))
    audit.record(by=by, now=now, action=ASKED, person_id=person.root_id, object_uid=person.uid, found=len(found))
    return found
