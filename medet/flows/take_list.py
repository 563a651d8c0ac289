"""A list is taken in by steps of a transaction each, so that a kill in the middle loses and doubles nothing.

A row moves in the same transaction as what it wrote; whatever is still `waiting` is done by the next step. Rows that
are plain are taken together (`take_many`), all others one by one (`take_row`).
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.heap import uncollected
from medet.base.refused import Refused
from medet.flows.crowd import Crowd, Plain
from medet.flows.plan_day import plan_begun
from medet.flows.take_many import take_many
from medet.flows.take_row import take_row
from medet.monitoring.queries import programme
from medet.records.intake.actions import hold_row, move_list, next_list, take_said, touch_list
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import Found
from medet.records.intake.states import REASONS, ListState, RowState
from medet.staff.queries import actor_of
from medet.staff.states import Role
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.states import TaskKind

log = logging.getLogger("medet.flows")
BATCH = 2000
# Rows that are no plain new person cost about 60 statements each: so many in one transaction, the others in the next.
CAREFUL = 40
Alone = tuple[IntakeRow, Found | None]
# Refusals of what a row would do -> what a person reads beside the row.
WHY = {"conclusion.new_alert": "danger_open", "list.case_of_others": "case_of_others"}


@transaction.atomic
def start_list(*, given: IntakeList, programme_code: str, by: Actor, now: datetime) -> IntakeList:
    """From now on the worker holds it; `programme_code` watches over the new cases."""
    programme(programme_code)
    return move_list(
        given=given,
        to=ListState.TAKING,
        by=by,
        now=now,
        programme_code=programme_code,
        started_at=now,
        by_user_id=by.user_id,
    )


@uncollected()
@transaction.atomic
def take_lists(*, by: Actor, now: datetime, batch: int = BATCH, careful: int = CAREFUL) -> bool:
    """A batch of rows of the list that was started first; True when there was one."""
    given = next_list()
    if given is None:
        return False
    rows = list(given.rows.filter(state=RowState.WAITING).order_by("number")[:batch])
    who = actor_of(given.by_user, now=given.started_at or now)
    crowd = Crowd.of(rows, given, now=now)
    take_said(rows=crowd.said, by=by)
    failed = _all(crowd.plain, crowd, who, by=by, now=now)
    alone = sorted([*failed, *crowd.careful], key=lambda one: one[0].number)
    for row, found in alone[:careful]:
        _one(row, given, found, who, by=by, now=now)
    begun = [row.case_id for row in rows if row.opened_case and row.case_id]
    if begun:
        plan_begun(cases=begun, by=by, now=now)
    touch_list(given=given, now=now)
    if len(rows) < batch and len(alone) <= careful:
        _finish(given, by=by, now=now)
    return True


def _all(rows: Sequence[Plain], crowd: Crowd, who: Actor, *, by: Actor, now: datetime) -> list[Alone]:
    """All at once, or by halves until those that cannot be are alone: somebody may have been registered meanwhile."""
    if not rows:
        return []
    try:
        take_many(rows=rows, given=crowd.given, found=crowd.found, by=who, writer=by, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        log.warning("%d rows of list %s not at once: %s", len(rows), crowd.given.uid, type(fault).__name__)
        if len(rows) == 1:
            return [(rows[0].row, None)]
        half = len(rows) // 2
        return [alone for part in (rows[:half], rows[half:]) for alone in _all(part, crowd, who, by=by, now=now)]
    return []


def _one(row: IntakeRow, given: IntakeList, found: Found | None, who: Actor, *, by: Actor, now: datetime) -> None:
    """A row that fails goes to a person and never holds up the others; a database that is away is not its fault."""
    try:
        with transaction.atomic():
            take_row(row=row, given=given, by=who, writer=by, now=now, found=found)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        code = WHY.get(fault.code, fault.code) if isinstance(fault, Refused) else "fault"
        # The fault's own words may name a patient: only its kind is logged.
        log.error("row %d of list %s: %s", row.number, given.uid, code if code != "fault" else type(fault).__name__)
        row.refresh_from_db()
        hold_row(row=row, reasons=[code if code in REASONS else "fault"], by=by, now=now)


def _finish(given: IntakeList, *, by: Actor, now: datetime) -> None:
    """Rows that wait for a person are owed by the operators: one task a list."""
    open_rows = given.rows.filter(state__in=(RowState.CHECK, RowState.BAD)).count()
    moved = move_list(given=given, to=ListState.CHECK if open_rows else ListState.TAKEN, by=by, now=now)
    if open_rows:
        open_task(
            kind=TaskKind.CHECK_LIST,
            about=About(type="intake_list", uid=moved.uid, organisation_id=moved.organisation_id),
            role=Role.OPERATOR,
            why=Why(code="list_rows", values={"rows": open_rows}),
            due_at=now + timedelta(minutes=policy.whole("intake.check_minutes", now=now)),
            by=by,
            now=now,
        )


@transaction.atomic
def close_list(*, given: IntakeList, by: Actor, now: datetime) -> IntakeList:
    """What was to mend came in a newer list or is left out; rows that only a person can decide must be decided."""
    if given.rows.filter(state=RowState.CHECK).exists():
        raise Refused("list.unchecked")
    moved = move_list(given=given, to=ListState.TAKEN, by=by, now=now)
    close_task(about_uid=given.uid, outcome="checked", by=by, now=now)
    return moved


@transaction.atomic
def throw_away(*, given: IntakeList, by: Actor, now: datetime) -> IntakeList:
    """The preview goes with everything it held."""
    return move_list(given=given, to=ListState.DISCARDED, by=by, now=now)


@transaction.atomic
def forget_previews(*, by: Actor, now: datetime) -> bool:
    """A preview that nobody took in is thrown away with all it holds."""
    since = now - timedelta(hours=policy.whole("intake.preview_hours", now=now))
    old = IntakeList.objects.filter(state=ListState.PREVIEW, given_at__lt=since).order_by("pk").first()
    if old is None:
        return False
    move_list(given=old, to=ListState.DISCARDED, by=by, now=now)
    return True
