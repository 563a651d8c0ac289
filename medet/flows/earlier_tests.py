"""The PCR results of lists that were taken when a case did not keep them yet, read from their rows again.

Set by set; what stands in a case is not said twice, so that every start may do it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from medet.base.actor import Actor
from medet.flows.take_row import test_of
from medet.records.intake.models import IntakeRow
from medet.records.intake.queries import read_row
from medet.records.intake.states import RowState
from medet.records.many import Sample, record_tests
from medet.records.models import Case
from medet.records.states import OPEN

BATCH = 2000


@transaction.atomic
def record_earlier_tests(*, before: datetime, by: Actor, now: datetime) -> None:
    """Of everybody who is ill now, from lists given before a moment."""
    last = 0
    while rows := list(_rows(before, after=last)[:BATCH]):
        record_tests(samples=dict.fromkeys(_samples(rows, now=now)), by=by, now=now)
        last = rows[-1].pk


def _rows(before: datetime, *, after: int) -> QuerySet[IntakeRow]:
    ill = Case.objects.filter(person__root_id=OuterRef("person__root_id"), state__in=OPEN)
    rows = IntakeRow.objects.filter(Exists(ill), state=RowState.TAKEN, withdrawn_at__isnull=True, pk__gt=after)
    return rows.filter(given__given_at__lt=before).select_related("given", "person").order_by("pk")


def _samples(rows: Sequence[IntakeRow], *, now: datetime) -> Iterator[Sample]:
    roots = {row.person.root_id for row in rows if row.person}
    cases = Case.objects.filter(person__root_id__in=roots, state__in=OPEN).select_related("person")
    by_root = {case.person.root_id: case for case in cases}
    for row in rows:
        case = by_root[row.person.root_id if row.person else 0]
        entry = read_row(row, row.given, now=now).entry if _is_of(row, case) else None
        if entry and (test := test_of(entry)):
            yield Sample(case, test)


def _is_of(row: IntakeRow, case: Case) -> bool:
    """A row kept its case unless it was negative: then it is a control when the case was open as its list was taken."""
    return row.case_id == case.pk if row.case_id else row.given.moved_at >= case.opened_at
