"""Many at once is the same as one by one: whatever is given, both ways leave the same rows in every table."""

import random
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from medet.base import secret
from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.contacts.calls.models import CallOrder
from medet.contacts.campaigns.models import Campaign
from medet.flows import take_list
from medet.flows.give_list import give_list
from medet.flows.loops import orphans
from medet.flows.take_list import start_list, take_lists
from medet.monitoring.models import DueContact, Enrolment
from medet.people.actions import Identity, register_person
from medet.people.models import (
    Address,
    Attachment,
    Document,
    Episode,
    GivenName,
    Household,
    Person,
    Phone,
    Surname,
)
from medet.people.queries import iin_of
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import ListState, RowState
from medet.records.models import Case, Reading
from medet.tasks.models import Task
from tests import make
from tests.live.running import wait_until
from tests.records.intake.faulty import RU, good, iin
from tests.records.intake.sheets import csv_bytes
from tests.records.list_score import FOLDER

NOW = make.NOON + timedelta(days=1)
TABLES = (
    Person, Phone, Address, Attachment, Document, Episode, Household, Surname, GivenName, Case, Enrolment, DueContact,
    CallOrder, Campaign, Task, JournalEntry, IntakeList, IntakeRow, Reading,
)  # fmt: skip
NUMBERS = ("id", "xid")
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEAD = [*RU, "Номер документа", "Поликлиника", "Семья"]


def give(town, data):
    """Given and started; a file that is none is passed over."""
    aigerim = town.actor("aigerim", now=NOW)
    try:
        one = give_list(data=data, organisation=town.centre, by=aigerim, now=NOW)
    except Refused:
        return
    if one.state == ListState.PREVIEW:
        start_list(given=one, programme_code="covid-home", by=aigerim, now=NOW)


def taken(town, files, **size):
    """All lists, one after the other, as the worker does it; what every table holds then, and nothing stays."""
    with transaction.atomic():
        for data in files:
            give(town, data)
            while take_lists(by=WORKER, now=NOW, **size):
                pass
        assert list(orphans(now=NOW)) == []
        held = everything()
        transaction.set_rollback(True)
    return held


def everything():
    """Table -> its rows in words: keys, uids and ciphers are told by whom they belong to."""
    rows = {model: list(model.objects.order_by("pk")) for model in TABLES}
    words = {(Person, row.pk): f"{iin_of(row)} {row.full_name} {row.birth_date}" for row in rows[Person]}
    uids, seen = {}, Counter()
    for model, row in ((table, row) for table in TABLES for row in rows[table]):
        name = f"{model.__name__} {words.get((Person, getattr(row, 'person_id', None)))} {getattr(row, 'number', '')}"
        seen[name] += 1
        word = words.setdefault((model, row.pk), f"{name} {seen[name]}")
        uids |= {str(row.uid): word} if hasattr(row, "uid") else {}
    return {model.__name__: sorted(told(row, words, uids) for row in rows[model]) for model in TABLES}


def told(row, words, uids):
    said = {field.name: value_of(row, field, words) for field in row._meta.concrete_fields if field.name not in NUMBERS}
    return UID.sub(lambda found: uids.get(found[0], "?"), str(sorted(said.items())))


def value_of(row, field, words):
    value = getattr(row, field.attname)
    of = field.related_model or {"person_id": Person, "case_id": Case}.get(field.name)
    if of:
        return words.get((of, value), value)
    if field.name.endswith("_cipher") and value is not None:
        return secret.decrypt(value)
    if field.name in ("temporary_number", "household_hash"):  # hold the key of the person or of the list
        return bool(value)
    return str(bytes(value) if isinstance(value, memoryview) else value)


@pytest.fixture
def one_by_one(monkeypatch):
    """Nothing is taken together: every row goes the careful way."""

    def planted(**_):
        raise Refused("list.choice_impossible")

    def switch():
        monkeypatch.setattr(take_list, "take_many", planted)

    return switch


def same(town, files, one_by_one, *sizes):
    """In steps of the same size: the rest of the day is planned at the end of each."""
    many = [taken(town, files, batch=size, careful=size) for size in sizes]
    one_by_one()
    for size, held in zip(sizes, many, strict=True):
        alone = taken(town, files, batch=size, careful=size)
        assert alone["IntakeRow"]
        for table, rows in alone.items():
            assert held[table] == rows, table


def test_the_forty_lists_leave_the_same_rows(town, one_by_one):
    files = [path.read_bytes() for path in sorted((FOLDER / "files").iterdir()) if "400_megabytes" not in path.name]
    same(town, files, one_by_one, 500)


def row_of(chance):
    """Somebody of a few, said in one of the many ways in which lists say things."""
    number = chance.randint(1, 9)
    other = {}
    for change, odds in (
        ({"result": chance.choice(("аннулирован", "отрицательный"))}, 0.25),
        ({"phone": f"8701777{chance.randint(1000, 1005)}"}, 0.2),
        ({"phone": "нет"}, 0.1),
        ({"iin": ""}, 0.3),
        ({"family": chance.choice(("Ахметова", "Ким"))}, 0.15),
        ({"born": "13.04.1959"}, 0.1),
        ({"taken": f"{chance.randint(19, 22)}.11.2026"}, 0.3),
        ({"street": chance.choice(("Абая", ""))}, 0.2),
        ({"iin": "123"}, 0.05),
    ):
        if chance.random() < odds:
            other |= change
    return [
        *good(number, **other),
        chance.choice(("", "", f"N{chance.randint(1, 4)}")),
        chance.choice(("", "ГП №17", "Нет такой")),
        chance.choice(("", "", "1", "2")),
    ]


@pytest.mark.parametrize("seed", range(2))
def test_lists_of_chance_leave_the_same_rows(town, one_by_one, seed):
    """Few people, many contradictions, two lists on end: rows of one list meet each other in every way."""
    chance = random.Random(seed)
    files = [csv_bytes([HEAD, *(row_of(chance) for _ in range(14))]) for _ in range(2)]
    same(town, files, one_by_one, 500, 5)


def test_what_is_too_much_for_one_step_waits_for_the_next_and_keeps_its_order(town):
    """One person is withdrawn, positive, withdrawn and positive again: only the last word counts."""
    days = [("20", "аннулирован"), ("20", "положительный"), ("20", "аннулирован"), ("21", "положительный")]
    rows = [good(1, taken=f"{day}.11.2026", result=said, house=str(place)) for place, (day, said) in enumerate(days)]
    give(town, csv_bytes([RU, *rows, *(good(number) for number in range(2, 6))]))
    steps = 0
    while take_lists(by=WORKER, now=NOW, careful=1):
        steps += 1
    assert steps == 3
    outcomes = list(IntakeRow.objects.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["check", "new", "withdrawn", "new", *["new"] * 4]
    assert Case.objects.filter(state="at_home").count() == 5


def test_more_rows_cost_no_more_statements(town):
    def statements(rows, first):
        give(town, csv_bytes([RU, *(good(number) for number in range(first, first + rows))]))
        with CaptureQueriesContext(connection) as asked:
            assert take_lists(by=WORKER, now=NOW)
        return len(asked)

    few = statements(5, 1)
    assert statements(60, 1000) <= few
    assert Case.objects.count() == 65


def test_somebody_registered_meanwhile_is_not_doubled(town, monkeypatch):
    """The one-step form was quicker than the list, after the list had looked who is known."""
    real, raced = take_list.take_many, []

    def slow(**more):
        if not raced:
            raced.append(
                register_person(
                    identity=Identity(family_name="Серікбаева", given_name="Әсел", iin=iin(5)),
                    organisation=town.centre, by=town.actor("aigerim", now=NOW), now=NOW,
                )
            )  # fmt: skip
        real(**more)

    monkeypatch.setattr(take_list, "take_many", slow)
    give(town, csv_bytes([RU, *(good(number) for number in range(1, 9))]))
    while take_lists(by=WORKER, now=NOW):
        pass
    assert Person.objects.count() == Case.objects.count() == 8
    assert Case.objects.filter(person=raced[0]).count() == 1
    assert not IntakeRow.objects.exclude(state=RowState.TAKEN).exists()


def test_a_step_that_breaks_off_leaves_nothing(town, monkeypatch):
    give(town, csv_bytes([RU, *(good(number) for number in range(1, 9))]))
    before = everything()

    def broken(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as planted:
        planted.setattr(take_list, "touch_list", broken)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            take_lists(by=WORKER, now=NOW)
    assert everything() == before
    assert take_lists(by=WORKER, now=NOW)
    assert Case.objects.count() == 8


WORKER_PROCESS = """
import django
django.setup()
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.take_list import take_lists
from tests.flows.test_take_many import NOW
while True:
    with scope(WORKER):
        take_lists(by=WORKER, now=NOW, batch=10)
"""


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(live_database):
    """kill -9 while it takes bulk after bulk; another worker ends the list."""
    rows = 400
    with scope(WORKER):
        town = make.city()
        give(town, csv_bytes([RU, *(good(number) for number in range(1, rows + 1))]))

    def done():
        with scope(WORKER):
            return IntakeRow.objects.filter(state=RowState.TAKEN).count()

    child = subprocess.Popen([sys.executable, "-c", WORKER_PROCESS], env=live_database)
    try:
        wait_until(lambda: done() > 0, seconds=60, what="the first rows taken")
    finally:
        child.kill()
        child.wait()
    assert 0 < done() < rows
    while take():
        pass
    with scope(WORKER):
        assert everything()["IntakeList"][0].count("'taken'") == 1
        written = (Person, Phone, Case, Enrolment, DueContact, CallOrder)
        counted = {model.__name__: model.objects.count() for model in written}
        assert counted == dict.fromkeys(counted, rows)
        assert JournalEntry.objects.filter(kind="person.registered").count() == rows
        assert list(orphans(now=NOW)) == []


def take():
    with scope(WORKER):
        return take_lists(by=WORKER, now=NOW)
