"""Many contacts handed over at once are the same rows and texts as one by one, in a few statements."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.contacts.models import CallOrder
from medet.flows import hand_many as handing
from medet.flows.about import about_due
from medet.flows.give_list import give_list
from medet.flows.hand_contact import hand_contact
from medet.flows.hand_many import hand_many
from medet.flows.plan_day import plan_day
from medet.flows.take_list import start_list, take_lists
from medet.monitoring.models import DueContact
from medet.people.models import Phone
from medet.people.states import PhoneState
from medet.records.models import Case
from medet.tasks.actions import Why, open_task
from medet.tasks.models import Task
from medet.tasks.states import TaskKind
from tests import make
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes

NOW = make.NOON
HOUR = timedelta(hours=1)
NIGHT = NOW + 9 * HOUR  # 21:00
TABLES = (DueContact, CallOrder, Task, JournalEntry)
OWN = ("id", "uid", "xid")  # of each way its own
UID = re.compile(r"'task': '[0-9a-f-]+'")


@pytest.fixture
def contacts(town):
    """One in every state a contact can be in when it is handed over."""
    rows = [make.observed(town) for _ in range(7)]
    dues = list(DueContact.objects.order_by("pk").select_related("enrolment__case"))
    Case.objects.filter(pk=rows[1].case_id).update(severity="moderate")
    DueContact.objects.filter(pk=dues[2].pk).update(state="done", closed_at=NOW)
    DueContact.objects.filter(pk=dues[3].pk).update(state="handed")
    CallOrder.objects.filter(due_contact=dues[4]).update(state="stopped")
    CallOrder.objects.filter(due_contact=dues[5]).delete()
    open_task(
        kind=TaskKind.CALL_BY_HAND, about=about_due(dues[6]), role="operator", why=Why(code="not_reached"),
        due_at=NOW + 9 * HOUR, by=WORKER, now=NOW,
    )  # fmt: skip
    return dues


def everything():
    """What every table holds, in words; by which key or uid is each way's own."""
    return {model.__name__: sorted(told(row) for row in model.objects.all()) for model in TABLES}


def told(row):
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in OWN}
    return UID.sub("", str(sorted(said.items(), key=lambda one: one[0])))


def left_by(story):
    with transaction.atomic():
        story()
        held = everything()
        transaction.set_rollback(True)
    return held


def since(due):
    return NOW + HOUR * (due.pk % 3)


@pytest.mark.parametrize(("reason", "name"), [("not_reached", "aigerim"), ("no_phone", ""), ("not_the_patient", "")])
def test_both_ways_leave_the_same_rows(town, contacts, reason, name):
    by = town.actor(name) if name else WORKER

    def alone():
        for due in DueContact.objects.order_by("pk").select_related("enrolment__case"):
            hand_contact(due=due, reason=reason, since=since(due), by=by, now=NOW)

    def together():
        hand_many(keys=[due.pk for due in contacts], reason=reason, since=since, by=by, now=NOW)

    before, one_by_one = everything(), left_by(alone)
    assert everything() == before != one_by_one
    assert left_by(together) == one_by_one


def test_what_cannot_be_done_at_once_is_done_one_by_one(contacts, monkeypatch, caplog):
    def broken(**_):
        raise ValueError("planted")

    monkeypatch.setattr(handing, "open_many", broken)
    hand_many(keys=[due.pk for due in contacts], reason="not_reached", since=since, by=WORKER, now=NOW)
    assert set(DueContact.objects.values_list("state", flat=True)) == {"handed", "done"}
    assert Task.objects.filter(state="open", about_type="due_contact").count() == 5
    assert "ValueError" in caplog.text
    assert "planted" not in caplog.text


def statements(story):
    with CaptureQueriesContext(connection) as asked:
        story()
    return len(asked)


def test_a_list_of_the_evening_costs_no_more_statements_for_more_rows(town):
    def evening(rows, first):
        aigerim = town.actor("aigerim", now=NIGHT)
        data = csv_bytes([RU, *(good(number) for number in range(first, first + rows))])
        one = give_list(data=data, organisation=town.centre, by=aigerim, now=NIGHT)
        start_list(given=one, programme_code="covid-home", by=aigerim, now=NIGHT)
        return statements(lambda: take_lists(by=WORKER, now=NIGHT))

    few = evening(3, 1)
    assert evening(30, 100) <= few
    assert Task.objects.filter(reason="too_late_today").count() == 33


def test_the_mornings_plan_costs_no_more_statements_for_more_people(town):
    morning = NOW + 21 * HOUR

    def planned(people):
        for _ in range(people):
            make.observed(town)
        Phone.objects.update(state=PhoneState.BAD)
        with transaction.atomic():
            spent = statements(lambda: plan_day(day=morning.date(), by=WORKER, now=morning))
            assert Task.objects.filter(reason="no_phone").count() == DueContact.objects.filter(state="handed").count()
            transaction.set_rollback(True)
        return spent

    few = planned(2)
    assert planned(12) <= few
