"""The only writers of lists and their rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from json import dumps

from django.db import transaction
from django.utils.translation import gettext as _

from medet.base import audit, bulk, journal, secret
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.heap import uncollected
from medet.base.refused import Refused
from medet.base.states import check_move
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.intake import columns, queries, rules
from medet.records.intake.entry import Entry, Read
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.rows import Became, held_row, taken_row
from medet.records.intake.sheet import Line
from medet.records.intake.states import LIST_LIFE, ROW_LIFE, ListState, Outcome, RowState

CHUNK = 2000
# The columns of a row that nothing has become of yet.
SAID = (
    "given_id", "organisation_id", "number", "cells_cipher", "state", "outcome", "reasons", "notes", "content_hash",
    "sample_hash", "household_hash",
)  # fmt: skip
__all__ = ["Became"]  # what an action takes


@transaction.atomic
def keep_list(
    *, lines: Sequence[Line], sha256: str, organisation: Organisation, by: Actor, now: datetime
) -> IntakeList:
    """Keeps a file's rows, enciphered, as a preview; nothing of them is in the register yet."""
    check_move(LIST_LIFE, "", ListState.PREVIEW, by.roles_at(organisation.pk))
    if by.user_id is None:
        raise Refused("list.not_visible")
    place = columns.header_of(lines)
    header = lines[place].cells if place is not None else _numbered(lines)
    given = IntakeList.objects.create(
        organisation=organisation,
        sha256=sha256,
        by_user_id=by.user_id,
        given_at=now,
        moved_at=now,
        day=local_day(now),
        header_cipher=secret.encrypt(dumps(header, ensure_ascii=False)),
        headed=place is not None,
        mapping=_as_kept(columns.mapping_of(header)) if place is not None else {},
    )
    body = lines[place + 1 :] if place is not None else lines
    if not body:
        raise Refused("list.empty")
    _foresee_all(given, [_row(given, line) for line in body], now=now)
    _note(given, "list.given", by=by, now=now, values={"rows": len(body)})
    return given


def _as_kept(mapping: Mapping[int, str]) -> dict[str, str]:
    return {str(place): name for place, name in mapping.items()}


def _numbered(lines: Sequence[Line]) -> list[str]:
    width = max(len(line.cells) for line in lines)
    return [_("Column %(number)d") % {"number": number} for number in range(1, width + 1)]


def _row(given: IntakeList, line: Line) -> IntakeRow:
    return IntakeRow(
        given=given,
        organisation_id=given.organisation_id,
        number=line.number,
        cells_cipher=secret.encrypt(dumps(line.cells, ensure_ascii=False)),
        outcome=Outcome.BAD,
    )


@transaction.atomic
def map_columns(*, given: IntakeList, mapping: Mapping[int, str], day: date, by: Actor, now: datetime) -> IntakeList:
    """The columns as a person says they are; everything is foreseen anew."""
    row = _locked(given)
    if row.state != ListState.PREVIEW:
        raise Refused("list.not_preview")
    row.mapping, row.day = _as_kept(mapping), day
    row.save(update_fields=["mapping", "day"])
    _note(row, "list.mapped", by=by, now=now)
    _foresee_all(row, list(row.rows.order_by("number")), now=now)
    return row


@uncollected()
def _foresee_all(given: IntakeList, rows: Sequence[IntakeRow], *, now: datetime) -> None:
    """What each row of a preview would mean; the same decision is made again when the row is taken.

    Rows are written anew: that is cheaper than to change each to other values.
    """
    seen: set[str] = set()
    given.rows.all().delete()
    for begin in range(0, len(rows), CHUNK):
        chunk = rows[begin : begin + CHUNK]
        _foresee(given, chunk, seen, now=now)
        bulk.insert(IntakeRow, [{name: getattr(row, name) for name in SAID} for row in chunk])


def _foresee(given: IntakeList, chunk: Sequence[IntakeRow], seen: set[str], *, now: datetime) -> None:
    read = [queries.read_row(row, given, now=now) for row in chunk]
    found = queries.find([one.entry for one in read if one.entry])
    for row, one in zip(chunk, read, strict=True):
        if one.entry is None:
            _spoilt(row, one)
            continue
        decided = rules.decide(one.entry, queries.known_of(one.entry, found))
        twice = decided.outcome == Outcome.NEW and one.entry.identity in seen
        seen.add(one.entry.identity)
        _understood(row, one.entry)
        row.state, row.outcome = RowState.WAITING, Outcome.KNOWN if twice else decided.outcome
        row.reasons = list(decided.reasons)


def _spoilt(row: IntakeRow, read: Read) -> None:
    row.state, row.outcome, row.reasons, row.notes = RowState.BAD, Outcome.BAD, list(read.faults), []
    row.content_hash = row.sample_hash = row.household_hash = None


def _understood(row: IntakeRow, entry: Entry) -> None:
    row.notes = list(entry.notes)
    row.content_hash, row.sample_hash = queries.hash_of(entry, "content"), queries.hash_of(entry, "sample")
    row.household_hash = secret.keyed_hash(f"{row.given_id}|{entry.household}") if entry.household else None


@transaction.atomic
def move_list(*, given: IntakeList, to: ListState, by: Actor, now: datetime, **changes: object) -> IntakeList:
    """Moves a list along its life; a second word about the same move changes nothing."""
    row = _locked(given)
    if row.state == to:
        return row
    check_move(LIST_LIFE, row.state, to, by.roles_at(row.organisation_id))
    row.state, row.moved_at = to, now
    row.ended_at = now if to in LIST_LIFE.ends else None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    if to == ListState.DISCARDED:
        row.rows.all().delete()
    _note(row, f"list.{to}", by=by, now=now)
    return row


def _locked(given: IntakeList) -> IntakeList:
    return IntakeList.objects.select_for_update(no_key=True).get(pk=given.pk)


def next_list() -> IntakeList | None:
    """The list that is taken in next, held by this worker until its transaction ends."""
    waiting = IntakeList.objects.filter(state=ListState.TAKING).select_related("by_user", "organisation__region")
    return waiting.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("started_at").first()


def touch_list(*, given: IntakeList, now: datetime) -> None:
    """It moves: nobody need look after it."""
    IntakeList.objects.filter(pk=given.pk).update(moved_at=now)


@transaction.atomic(savepoint=False)
def take(*, row: IntakeRow, became: Became, by: Actor, now: datetime) -> None:
    """The row is in the register, in the same transaction as what it wrote there."""
    check_move(ROW_LIFE, row.state, RowState.TAKEN, by.roles_at(row.organisation_id))
    if row.state == RowState.CHECK:
        row.settled_by_id, row.settled_at = by.user_id, now
    _save(row, taken_row(row, became))


def _save(row: IntakeRow, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@transaction.atomic(savepoint=False)
def take_said(*, rows: Sequence[IntakeRow], by: Actor) -> None:
    """Rows that were said before: nothing comes of them, so all are written at once."""
    if not rows:
        return
    for row in rows:
        check_move(ROW_LIFE, row.state, RowState.TAKEN, by.roles_at(row.organisation_id))
    keys = [row.pk for row in rows]
    IntakeRow.objects.filter(id__among=keys).update(state=RowState.TAKEN, outcome=Outcome.KNOWN, reasons=[])


@transaction.atomic(savepoint=False)
def hold_row(*, row: IntakeRow, reasons: Iterable[str], by: Actor, now: datetime, person: Person | None = None) -> None:
    """A person must look; nothing was written. `person`: whom the register took it for."""
    check_move(ROW_LIFE, row.state, RowState.CHECK, by.roles_at(row.organisation_id))
    _save(row, held_row(reasons, person.pk if person else None))


@transaction.atomic(savepoint=False)
def spoil_row(*, row: IntakeRow, read: Read, by: Actor, now: datetime) -> None:
    """It was good when it was foreseen and is not any more."""
    check_move(ROW_LIFE, row.state, RowState.BAD, by.roles_at(row.organisation_id))
    _spoilt(row, read)
    row.save()


@transaction.atomic
def leave_row(*, row: IntakeRow, by: Actor, now: datetime) -> None:
    """A person decides that nothing comes of it."""
    check_move(ROW_LIFE, row.state, RowState.LEFT, by.roles_at(row.organisation_id))
    row.state, row.settled_by_id, row.settled_at = RowState.LEFT, by.user_id, now
    row.save(update_fields=["state", "settled_by", "settled_at"])
    journal.append(
        kind="list.row_left", by=by, now=now, object_uid=row.given.uid, organisation_id=row.organisation_id,
        values={"row": row.number},
    )  # fmt: skip


def lock_row(*, given: IntakeList, number: int) -> IntakeRow:
    """One row for a decision; one that is decided already refuses."""
    row = given.rows.select_for_update(no_key=True, of=("self",)).filter(number=number).first()
    if row is None or row.state != RowState.CHECK:
        raise Refused("list.row_settled")
    return row


def withdraw_samples(*, rows: Iterable[IntakeRow], now: datetime) -> None:
    """These rows hold no case any more; what they said stays."""
    IntakeRow.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=now)


def note_read(*, given: IntakeList, people: Iterable[int], by: Actor, now: datetime, why: str) -> None:
    """Who looked at the rows of a list, and which people of the register stood in them."""
    audit.record(
        by=by, now=now, action=audit.LIST, object_uid=given.uid, organisation_id=given.organisation_id, why=why,
        people=sorted(set(people)),
    )  # fmt: skip


def _note(
    given: IntakeList, kind: str, *, by: Actor, now: datetime, values: Mapping[str, object] | None = None
) -> None:
    journal.append(
        kind=kind, by=by, now=now, object_uid=given.uid, organisation_id=given.organisation_id, values=values
    )
