"""A person decides about a row that was not plain: the same human being, another one, or nothing at all."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.plan_day import plan_begun
from medet.flows.take_list import close_list
from medet.flows.take_row import take_row
from medet.records.intake.actions import leave_row, lock_row
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import Choice, RowState


@transaction.atomic
def settle_row(*, given: IntakeList, number: int, choice: Choice, by: Actor, now: datetime) -> None:
    """The register's own data stay as they are, whatever is chosen; the last decision closes the list."""
    row = lock_row(given=given, number=number)
    if choice not in choices_of(row):
        raise Refused("list.choice_impossible")
    if choice == Choice.LEAVE:
        leave_row(row=row, by=by, now=now)
    else:
        settled = row.person if choice == Choice.SAME else None
        other = choice == Choice.OTHER
        take_row(row=row, given=given, by=by, writer=by, now=now, settled=settled, as_other=other)
        plan_begun(cases=[row.case_id] if row.opened_case and row.case_id else [], by=by, now=now)
    if not given.rows.filter(state__in=(RowState.CHECK, RowState.BAD)).exists():
        close_list(given=given, by=by, now=now)


def choices_of(row: IntakeRow) -> list[Choice]:
    """What may be decided: a number belongs to one human being, and the dead are not followed."""
    impossible = {"died", "case_of_others", "nothing_to_withdraw", "danger_open", "fault"}
    if impossible & set(row.reasons):
        return [Choice.LEAVE]
    if "same_name" in row.reasons:
        return [Choice.OTHER, Choice.LEAVE]
    return [Choice.SAME, Choice.LEAVE] if row.person_id else [Choice.LEAVE]
