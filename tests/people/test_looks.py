"""Who saw a human being: in the open record or in a list, under whichever record they were shown."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from medet.base import audit
from medet.people.actions import merge
from medet.people.looks import looks_at
from medet.people.queries import iin_of, open_person, seen_in_list
from tests import make

NOW = make.NOON


def looks(person, **more):
    return [(row.by_label or row.by_user_id, row.action, row.detail["why"]) for row in looks_at(person, **more)]


def who_saw(*words):
    said = io.StringIO()
    call_command("who_saw", *words, stdout=said)
    return said.getvalue().splitlines()


def test_reads_and_lists_of_every_record_are_found_newest_first(town):
    who, same, stranger = (make.person(town, family_name=name) for name in ("Ахметова", "Ахмет", "Серікбаева"))
    aigerim, serik = town.actor("aigerim"), town.actor("serik")
    merge(person=same, into=who, by=town.actor("saule"), now=NOW)
    same.refresh_from_db()
    seen_in_list(people=[stranger.pk, same.pk], by=aigerim, now=NOW, desk="operator")
    open_person(uid=who.uid, by=serik, now=NOW + timedelta(hours=1), why="doctor")
    # Another row that has a list of numbers shows nobody.
    audit.record(by=aigerim, now=NOW, action="elsewhere", why="", people=[who.pk])
    found = [(serik.user_id, "read", "doctor"), (aigerim.user_id, "list", "operator")]
    assert looks(who) == looks(same) == found
    assert looks(who, since=NOW + timedelta(minutes=1)) == found[:1]
    assert looks(stranger) == found[1:]


def test_lists_are_found_by_their_index(town):
    """A month at a centre has a hundred thousand rows of the audit: nobody reads them all for one question."""
    who = make.person(town)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    assert re.search(r"Index Cond: \(\(?detail -> 'people'", looks_at(who).explain())


def test_whoever_runs_the_machine_asks_by_the_cards_address_or_the_number(town, monkeypatch):
    who = make.person(town)
    open_person(uid=who.uid, by=town.actor("serik"), now=NOW, why="doctor")
    assert who_saw(str(who.uid)) == ["2026-11-23 12:00  serik  Serik Test  read  doctor"]
    monkeypatch.setattr("sys.stdin", io.StringIO(iin_of(who) + "\n"))
    asked, read = who_saw("--iin-stdin", "--since=2026-11-23")
    assert asked.endswith("worker  looks"), "the first question is a look too"
    assert read.endswith("read  doctor")
    with pytest.raises(CommandError, match="Nobody of this"):
        who_saw(str(town.centre.uid))
