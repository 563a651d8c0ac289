"""The journal: one row an action, read in an order in which a late commit is never skipped."""

import json

import psycopg
import pytest

from medet.base import journal
from medet.base.actor import Actor
from medet.base.ids import uuid7
from medet.base.models import JournalEntry
from tests.base.rows import NOW, as_app, happened

INSERT = """insert into journal_entry (at, kind, code, values, object_uid, by_label)
            values (now(), %s, '', '{}', gen_random_uuid(), '')"""


def read_kinds(cursor: journal.Cursor) -> tuple[list[str], journal.Cursor]:
    rows, cursor = journal.read_after(cursor)
    return [row.kind for row in rows], cursor


@pytest.mark.django_db
def test_it_keeps_who_what_and_about_whom():
    uid = uuid7()
    journal.append(
        kind="visit.sent", by=Actor(user_id=7), now=NOW, object_uid=uid, person_id=3, case_id=4, organisation_id=5,
        code="visit.sent.to", values={"clinic": 9, "due": NOW},
    )  # fmt: skip
    row = JournalEntry.objects.get(object_uid=uid)
    assert (row.at, row.kind, row.by_user_id, row.by_label) == (NOW, "visit.sent", 7, "")
    assert (row.person_id, row.case_id, row.organisation_id, row.code) == (3, 4, 5, "visit.sent.to")
    assert row.values == {"clinic": 9, "due": "2026-11-22T09:00:00Z"}


def test_a_late_commit_is_never_skipped(committed):
    with as_app() as early, as_app() as late:
        early.execute(INSERT, ["a.early"])
        late.execute(INSERT, ["b.late"])
        late.commit()
        assert read_kinds(journal.START) == ([], journal.START)
        early.commit()
    kinds, cursor = read_kinds(journal.START)
    assert kinds == ["a.early", "b.late"]
    assert read_kinds(cursor) == ([], cursor)


def test_what_is_before_the_open_transaction_is_read_and_the_rest_later(committed):
    happened("a.done")
    with as_app() as open_one:
        open_one.execute(INSERT, ["b.open"])
        happened("c.after")
        kinds, cursor = read_kinds(journal.START)
        assert kinds == ["a.done"]
        open_one.commit()
    assert read_kinds(cursor)[0] == ["b.open", "c.after"]


def test_an_open_transaction_that_only_reads_holds_nobody_back(committed):
    with as_app() as reader:
        reader.execute("select count(*) from journal_entry")
        happened("a.done")
        assert read_kinds(journal.START)[0] == ["a.done"]


def test_rows_of_one_transaction_are_read_in_pieces_without_loss(committed):
    with as_app() as one:
        for number in range(7):
            one.execute(INSERT, [f"k.{number}"])
    cursor, seen = journal.START, []
    while rows := journal.read_after(cursor, limit=2)[0]:
        seen += [row.kind for row in rows]
        cursor = rows[-1].cursor
    assert seen == [f"k.{number}" for number in range(7)]


def test_a_listener_is_woken_with_ids_only_when_the_action_commits(committed):
    uid = uuid7()
    with psycopg.connect(committed["DATABASE_URL"], autocommit=True) as listener:
        listener.execute("listen medet")
        happened("a.b", uid)
        (told,) = listener.notifies(timeout=10, stop_after=1)
    assert json.loads(told.payload) == {"kind": "a.b", "org": None, "uid": str(uid)}
