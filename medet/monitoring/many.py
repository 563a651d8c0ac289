"""Many cases under a programme at once: the rows of `rows.py` in a few statements."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.base.journal import Told
from medet.monitoring.models import Enrolment, Programme
from medet.monitoring.rows import enrolment_row
from medet.records.many import Opened


@transaction.atomic(savepoint=False)
def enrol_many(*, cases: Sequence[Opened], programme: Programme, by: Actor, now: datetime) -> None:
    """Puts new cases under a programme from today on."""
    rows = [enrolment_row(case, programme, now=now) for case in cases]
    bulk.insert(Enrolment, rows)
    told = [
        Told(row["uid"], case.person_id, case.id, case.organisation_id, programme.code)
        for case, row in zip(cases, rows, strict=True)
    ]
    journal.append_many(kind="enrolment.started", by=by, now=now, told=told)
