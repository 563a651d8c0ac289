"""Cases and tests of many people at once (see people/many.py): the rows of `rows.py` in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.base.journal import Told
from medet.base.states import NEW, check_move
from medet.people.many import open_episodes
from medet.places.models import Organisation
from medet.records.models import Case, Reading
from medet.records.queries import tests_of
from medet.records.rows import Diagnosis, case_row, pcr_row
from medet.records.rules import PcrTest, is_news, results_by_day
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


class Sample(NamedTuple):
    """A PCR test of somebody who has a case."""

    case: Case | Opened
    test: PcrTest


@transaction.atomic(savepoint=False)
def record_tests(*, samples: Iterable[Sample], by: Actor, now: datetime) -> None:
    """Results of a laboratory under the days of their samples, one or many; what stands there is not said twice."""
    samples = list(samples)
    said = defaultdict(list)
    for case_id, test in tests_of(sample.case.id for sample in samples):
        said[case_id].append(test)
    news = [one for one in samples if is_news(one.test, results_by_day(said[one.case.id]))]
    bulk.insert(Reading, [_row_of(one, by) for one in news])
    journal.append_many(kind="pcr.recorded", by=by, now=now, told=[_told_of(one) for one in news])


def _row_of(sample: Sample, by: Actor) -> dict[str, Any]:
    case, test = sample
    return pcr_row(test, case_id=case.id, person_id=case.person_id, organisation_id=case.organisation_id, by=by)


def _told_of(sample: Sample) -> Told:
    case, (on, result) = sample
    return Told(case.uid, case.person_id, case.id, case.organisation_id, result, {"on": on.isoformat()})
