"""Cases of many new people at once (see people/many.py): the rows of `rows.py` in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.base.journal import Told
from medet.base.states import NEW, check_move
from medet.people.many import open_episodes
from medet.places.models import Organisation
from medet.records.models import Case
from medet.records.rows import Diagnosis, case_row
from medet.records.states import CASE_LIFE, CaseState


class Opened(NamedTuple):
    """A case that was written a moment ago."""

    id: int
    uid: UUID
    person_id: int
    organisation_id: int


@transaction.atomic(savepoint=False)
def open_at_home(
    *, people: Sequence[int], diagnosis: Diagnosis, organisation: Organisation, by: Actor, now: datetime
) -> list[Opened]:
    """A case for each new person, opened and at home in one breath; both stand in the journal."""
    for source, target in ((NEW, CaseState.OPENED), (CaseState.OPENED, CaseState.AT_HOME)):
        check_move(CASE_LIFE, source, target, by.roles_at(organisation.pk))
    keys = bulk.next_keys(Case, len(people))
    rows = [
        {**case_row(person, diagnosis, organisation_id=organisation.pk, now=now), "id": key, "state": CaseState.AT_HOME}
        for person, key in zip(people, keys, strict=True)
    ]
    bulk.insert(Case, rows)
    opened = [Opened(row["id"], row["uid"], row["person_id"], organisation.pk) for row in rows]
    open_episodes(
        objects=[(case.person_id, case.uid) for case in opened],
        organisation_id=organisation.pk,
        reason="case",
        now=now,
    )
    told = [Told(case.uid, case.person_id, case.id, organisation.pk, diagnosis.classification) for case in opened]
    journal.append_many(kind="case.opened", by=by, now=now, told=told)
    moved = {"from": CaseState.OPENED, "why": ""}
    told = [one._replace(code=CaseState.AT_HOME, values=moved) for one in told]
    journal.append_many(kind="case.moved", by=by, now=now, told=told)
    return opened
