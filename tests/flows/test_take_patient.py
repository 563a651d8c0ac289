"""The next patient by one key: behind a long row of the doctors' red ones, after a hold ran out, for many at once."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.take_patient import next_patient, take_patient
from medet.places.states import Kind
from medet.staff.states import Role
from medet.tasks.actions import About, Why, open_task, take_task
from medet.tasks.models import Task
from medet.tasks.queries import answered_by
from medet.tasks.rules import answers_for
from medet.tasks.states import TaskKind, Weight
from medet.web.operator.worklist import tasks_of
from tests import make

NOW, LOCK = make.NOON, timedelta(minutes=30)
LATER = NOW + LOCK + timedelta(seconds=1)


def owed(town, who=None, *, role="operator", weight=Weight.PLAIN, place=None):
    return open_task(
        kind=TaskKind.CALL_BY_HAND,
        about=About(
            type="due_contact",
            uid=uuid4(),
            organisation_id=(place or town.centre).pk,
            person_id=who.pk if who else None,
        ),
        role=role,
        why=Why(code="not_reached", weight=weight),
        due_at=NOW + timedelta(hours=1),
        by=WORKER,
        now=NOW,
    )


def pressed(town, name, *, now=NOW):
    by = town.actor(name, now=now)
    with scope(by):
        return next_patient(waiting=tasks_of(by), by=by, now=now, lock=LOCK)


def owners():
    return {task.person_id: task.owner and task.owner.username for task in Task.objects.filter(state="open")}


def test_more_red_ones_of_the_doctors_than_are_looked_at_hide_nobody(town):
    red = [make.person(town) for _ in range(5)]
    for number in range(105):
        owed(town, red[number % 5], role="doctor", weight=Weight.RED)
    who = make.person(town)
    owed(town, who)
    assert pressed(town, "aigerim") == who
    assert pressed(town, "marat") is None


def test_a_hold_that_ran_out_is_offered_to_the_next_and_to_ones_self(town):
    who = make.person(town)
    owed(town, who)
    assert pressed(town, "aigerim") == who
    assert pressed(town, "marat", now=NOW + LOCK) is None
    assert pressed(town, "aigerim", now=NOW + LOCK) is None
    assert pressed(town, "aigerim", now=LATER) == who
    assert pressed(town, "marat", now=LATER + LOCK) is None, "taken anew, held anew"
    assert pressed(town, "marat", now=LATER + LOCK + LOCK) == who
    assert owners() == {who.pk: "marat"}


def test_what_somebody_holds_of_nobody_hides_nobody(town):
    """A trunk or a list is about no patient."""
    take_task(task=owed(town), by=town.actor("marat"), now=NOW)
    who = make.person(town)
    owed(town, who)
    assert pressed(town, "aigerim") == who


def test_a_patient_a_colleague_holds_in_part_is_passed_over(town):
    who, other = make.person(town), make.person(town)
    take_task(task=owed(town, who), by=town.actor("marat"), now=NOW)
    owed(town, who, weight=Weight.RED)
    owed(town, other)
    assert pressed(town, "aigerim") == other


def test_the_table_is_asked_what_the_rule_says(town):
    """`answered_by` and `answers_for` are one rule: every role, here and at another place."""
    other = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    tasks = [owed(town, role=role, place=place) for role in Role for place in (town.centre, other)]
    actors = [town.actor(name) for name in town.users] + [WORKER.narrowed(frozenset())]
    actors.append(make.with_roles(town, "timur", (Role.OPERATOR, town.centre), (Role.SUPERVISOR, other)))
    for by in actors:
        said = {task.pk for task in tasks if answers_for(task.role, by.roles_at(task.organisation_id))}
        assert set(Task.objects.filter(answered_by(by)).values_list("pk", flat=True)) == said, by


@pytest.fixture
def crew(live_database):
    """A city and six operators."""
    with scope(WORKER):
        town = make.city()
        names = [f"op{number}" for number in range(6)]
        for name in names:
            make.with_roles(town, name, (Role.OPERATOR, town.centre))
    return town, names


def test_who_press_at_once_get_a_patient_each_and_all_of_them(crew):
    """Six keys at the same moment; nobody fails or waits for ever."""
    town, names = crew
    for _ in range(6):
        with scope(WORKER):
            people = [make.person(town) for _ in names]
            for number in range(5 * len(people)):
                owed(town, people[number % len(people)], weight=Weight.RED)
        start, got, faults = threading.Barrier(len(names)), [], []
        threads = [threading.Thread(target=_press, args=(town, name, start, got, faults)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert faults == []
        assert sorted(got) == sorted(person.pk for person in people)
        with scope(WORKER):
            for person in people:
                assert len({task.owner_id for task in Task.objects.filter(person=person)}) == 1


def _press(town, name, start, got, faults):
    try:
        start.wait(10)
        got.append(pressed(town, name).pk)
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connections.close_all()


def test_one_by_the_key_and_one_from_the_list_do_not_lock_each_other(crew):
    town, names = crew
    for _ in range(6):
        with scope(WORKER):
            who, spare = make.person(town), make.person(town)
            for _ in range(5):
                owed(town, who, weight=Weight.RED)
            owed(town, spare)
        start, faults = threading.Barrier(2), []
        threads = [
            threading.Thread(target=_press, args=(town, names[0], start, [], faults)),
            threading.Thread(target=_take_backwards, args=(town, names[1], who, start, faults)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        # Whoever comes second is told so, or given somebody else; a deadlock is neither.
        assert [fault for fault in faults if "task.taken" not in fault] == []
        with scope(WORKER):
            assert len({task.owner_id for task in Task.objects.filter(person=who)}) == 1
            pressed_late = Task.objects.filter(person=spare).exclude(owner=None)
            pressed_late.update(state="done", closed_at=NOW)
            Task.objects.filter(state="open").update(state="done", closed_at=NOW)


def _take_backwards(town, name, who, start, faults):
    by = town.actor(name)
    try:
        start.wait(10)
        with scope(by):
            tasks = list(tasks_of(by).filter(person__root_id=who.pk))[::-1]
            take_patient(tasks=tasks, by=by, now=NOW, lock=LOCK)
    except Exception as fault:
        faults.append(f"{fault!r} {getattr(fault, 'code', '')}")
    finally:
        connections.close_all()
