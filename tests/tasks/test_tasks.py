"""Tasks: one an object, raised but never lowered, climbing when late."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

from django.db import connection

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.flows.ladder import climb_overdue
from medet.tasks.actions import About, Why, close_task, open_task, postpone_task, rest_task, take_over, take_task
from medet.tasks.models import Task
from medet.tasks.queries import late_at, worklist
from medet.tasks.states import Takeover, TaskKind, TaskState, Weight
from tests import make
from tests.refusing import refused

NOW = make.NOON
OPERATORS, SUPERVISORS = frozenset({"operator"}), frozenset({"supervisor"})


def opened(town, *, uid=None, weight=Weight.PLAIN, minutes=60, role="operator"):
    return open_task(
        kind=TaskKind.CALL_BY_HAND,
        about=About(type="due_contact", uid=uid or uuid4(), organisation_id=town.centre.pk),
        role=role,
        why=Why(code="not_reached", weight=weight),
        due_at=NOW + timedelta(minutes=minutes),
        by=WORKER,
        now=NOW,
    )


def test_one_open_task_an_object_raised_and_never_lowered(town):
    first = opened(town, uid=(uid := uuid4()))
    second = opened(town, uid=uid, weight=Weight.RED, minutes=15)
    assert (first.pk, second.weight, second.due_at) == (second.pk, Weight.RED, NOW + timedelta(minutes=15))
    third = opened(town, uid=uid, weight=Weight.PLAIN, minutes=90)
    assert (third.weight, third.due_at) == (Weight.RED, NOW + timedelta(minutes=15))


def test_closing_twice_changes_nothing(town):
    task = opened(town)
    assert close_task(about_uid=task.about_uid, outcome="done", by=WORKER, now=NOW).state == TaskState.DONE
    assert close_task(about_uid=task.about_uid, outcome="again", by=WORKER, now=NOW) is None


def test_a_colleague_does_not_take_what_is_taken(town):
    task = opened(town)
    take_task(task=task, by=town.actor("aigerim"), now=NOW)
    take_task(task=task, by=town.actor("aigerim"), now=NOW)
    with refused("task.taken") as refusal:
        take_task(task=task, by=town.actor("marat"), now=NOW)
    assert "Aigerim" in refusal.value.sentence()


def test_what_was_left_lying_locks_nobody_out(town):
    task, lock = opened(town), timedelta(minutes=30)
    take_task(task=task, by=town.actor("aigerim"), now=NOW)
    with refused("task.taken"):
        take_task(task=task, by=town.actor("marat"), now=NOW + lock, lock=lock)
    later = NOW + lock + timedelta(seconds=1)
    assert take_task(task=task, by=town.actor("marat"), now=later, lock=lock).owner_id == town.users["marat"].pk


def test_a_colleagues_task_is_taken_over_with_a_reason(town):
    task = opened(town)
    take_task(task=task, by=town.actor("aigerim"), now=NOW)
    with refused("task.not_yours"):
        take_over(task=task, why=Takeover.BUSY, by=town.actor("dana"), now=NOW)
    assert take_over(task=task, why=Takeover.BUSY, by=town.actor("marat"), now=NOW).owner_id == town.users["marat"].pk
    [row] = JournalEntry.objects.filter(kind="task.taken_over")
    assert (row.code, row.values["held_by"]) == ("busy", "Aigerim Test")
    take_over(task=task, why=Takeover.BUSY, by=town.actor("marat"), now=NOW)
    assert JournalEntry.objects.filter(kind="task.taken_over").count() == 1


def test_a_late_task_climbs_to_the_supervisor_and_stays_there(town):
    task = opened(town, minutes=10)
    operator, supervisor = town.actor("aigerim"), town.actor("saule")
    assert not worklist(supervisor, roles=SUPERVISORS).exists()
    assert climb_overdue(by=WORKER, now=NOW + timedelta(minutes=9)) is False
    assert climb_overdue(by=WORKER, now=NOW + timedelta(minutes=11)) is True
    assert list(worklist(supervisor, roles=SUPERVISORS)) == [task]
    assert list(worklist(operator, roles=OPERATORS)) == [task]
    assert climb_overdue(by=WORKER, now=NOW + timedelta(hours=9)) is False
    assert Task.objects.get().rung == 1


def was_late(*minutes):
    """At which of these minutes one task was late, and since when."""
    rows = [late_at(NOW + timedelta(minutes=minute)).first() for minute in minutes]
    return [row and int((row.late_from - NOW).total_seconds() // 60) for row in rows]


def test_what_climbed_or_was_tried_in_vain_was_late_since_its_first_time(town):
    task = opened(town, minutes=10)
    assert was_late(9, 10, 60) == [None, 10, 10]
    climb_overdue(by=WORKER, now=NOW + timedelta(minutes=11))
    assert Task.objects.get().due_at > NOW + timedelta(minutes=12)
    assert was_late(9, 10, 12, 60) == [None, 10, 10, 10]
    at = NOW + timedelta(minutes=20)
    postpone_task(about_uid=task.about_uid, until=at + timedelta(hours=1), by=town.actor("aigerim"), now=at)
    assert was_late(9, 10, 21, 90) == [None, 10, 10, 10]
    close_task(about_uid=task.about_uid, outcome="done", by=WORKER, now=NOW + timedelta(minutes=30))
    assert was_late(9, 10, 29, 30) == [None, 10, 10, None]


def test_what_had_climbed_before_lateness_was_kept_is_found_in_the_journal(town):
    climbed, other, at = opened(town, minutes=10), opened(town, minutes=90), NOW + timedelta(minutes=11)
    climb_overdue(by=WORKER, now=at)
    Task.objects.update(late_since=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("medet.tasks.migrations.0009_lateness").CLIMBED)
    since = dict(Task.objects.values_list("pk", "late_since"))
    assert since == {climbed.pk: at, other.pk: None}


def test_what_was_put_off_in_time_is_not_late(town):
    task = opened(town, minutes=10)
    postpone_task(about_uid=task.about_uid, until=NOW + timedelta(hours=1), by=town.actor("aigerim"), now=NOW)
    assert was_late(11, 59, 60) == [None, None, 60]


def test_what_rests_is_not_late_and_was_late_before(town):
    task, aigerim = opened(town, minutes=10), town.actor("aigerim")

    def rests(minutes, until):
        at = NOW + timedelta(minutes=minutes)
        rest_task(about_uid=task.about_uid, until=NOW + timedelta(minutes=until), reason="rest", by=aigerim, now=at)

    rests(5, 20)
    assert was_late(10, 19, 20) == [None, None, 20]
    rests(25, 90)
    assert was_late(19, 20, 24, 25, 89, 90) == [None, 20, 20, None, None, 90]
    climb_overdue(by=WORKER, now=NOW + timedelta(minutes=91))
    assert was_late(89, 90, 92) == [None, 90, 90], "the newest lateness is kept"


def test_the_worklist_is_by_risk_then_deadline_and_only_of_ones_own_organisation(town):
    late = opened(town, minutes=90)
    soon = opened(town, minutes=5)
    red = opened(town, weight=Weight.RED, minutes=300)
    assert list(worklist(town.actor("aigerim"), roles=OPERATORS)) == [red, soon, late]
    assert list(worklist(town.actor("dana"), roles=OPERATORS)) == []


def test_the_worklist_is_read_from_its_index(town):
    for _ in range(300):
        opened(town)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    plan = worklist(town.actor("aigerim"), roles=OPERATORS)[:50].explain()
    assert "task_worklist" in plan


def test_a_doctors_red_task_is_shown_to_operators_and_stays_the_doctors(town):
    red = opened(town, weight=Weight.RED, role="doctor")
    opened(town, weight=Weight.AMBER, role="doctor")
    operator = town.actor("aigerim")
    assert list(worklist(operator, roles=OPERATORS, red_of=frozenset({"doctor"}))) == [red]
    with refused("task.not_yours"):
        take_task(task=red, by=operator, now=NOW)
    assert take_task(task=red, by=town.actor("serik"), now=NOW).owner_id == town.users["serik"].pk


def test_tasks_on_the_top_rung_do_not_keep_others_from_climbing(town):
    for _ in range(101):
        top = opened(town, minutes=1)
        Task.objects.filter(pk=top.pk).update(rung=1)
    late = opened(town, minutes=5)
    assert climb_overdue(by=WORKER, now=NOW + timedelta(minutes=6)) is True
    late.refresh_from_db()
    assert late.rung == 1
