"""The end of a shift: all or nothing; and nobody's task stays with somebody who went home."""

from datetime import timedelta
from uuid import uuid4

import pytest

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.flows.gone_home import gone_home
from medet.flows.hand_over_shift import Handed, hand_over_shift
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.swaps import ask_colleague
from medet.staff.rota.actions.shifts import start_shift
from medet.staff.rota.models import Shift, Swap
from medet.tasks.actions import About, Why, open_task, take_task
from medet.tasks.models import Task
from medet.tasks.queries import held_by
from medet.tasks.states import TaskKind
from tests import make
from tests.refusing import refused
from tests.staff.test_rota import planned

NOW, HOUR = make.NOON, timedelta(hours=1)
LATER = timedelta(minutes=31)


def taken(town, name="aigerim", *, role="operator", now=NOW):
    task = open_task(
        kind=TaskKind.TRUNK,
        about=About(type="trunk", uid=uuid4(), organisation_id=town.centre.pk),
        role=role,
        why=Why(code="trunk_silent"),
        due_at=NOW + 200 * HOUR,
        by=WORKER,
        now=now,
    )
    return take_task(task=task, by=town.actor(name), now=now)


@pytest.fixture
def shift(town):
    return start_shift(by=town.actor("aigerim"), now=NOW)


def test_everything_is_handed_over_by_name_or_to_the_role(town, shift):
    start_shift(by=town.actor("marat"), now=NOW)
    first, second = taken(town), taken(town)
    handed = {first.uid: Handed("Rang twice", town.users["marat"]), second.uid: Handed("Wants a visit")}
    ended = hand_over_shift(handed=handed, by=town.actor("aigerim"), now=NOW + HOUR)
    assert ended.ended_at == NOW + HOUR
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, first.handed_by, first.handed_note) == (
        town.users["marat"],
        town.users["aigerim"],
        "Rang twice",
    )
    assert (second.owner, second.handed_note) == (None, "Wants a visit")
    told = JournalEntry.objects.filter(kind="task.handed").order_by("pk").values_list("code", "values__note")
    assert list(told) == [("Marat Test", "Rang twice"), ("", "Wants a visit")]


@pytest.mark.parametrize(
    ("handed", "code"),
    [
        (lambda town, task: {}, "task.left"),
        (lambda town, task: {task.uid: Handed("  ")}, "task.no_note"),
        (lambda town, task: {task.uid: Handed("Please", town.users["marat"])}, "task.not_there"),
        (lambda town, task: {task.uid: Handed("Please", town.users["serik"])}, "task.not_there"),
        (lambda town, task: {task.uid: Handed("Please", town.users["aigerim"])}, "task.not_there"),
    ],
)
def test_half_a_handover_is_none(town, shift, handed, code):
    """Marat is not at work; Serik is, but does not answer for it; Aigerim goes home."""
    start_shift(by=town.actor("serik"), now=NOW)
    other, task = taken(town), taken(town)
    with refused(code):
        hand_over_shift(
            handed=handed(town, task) | {other.uid: Handed("Done half")}, by=town.actor("aigerim"), now=NOW + HOUR
        )
    assert Shift.objects.get(pk=shift.pk).ended_at is None
    assert list(held_by(shift.user_id)) == [other, task]


def test_a_shift_without_tasks_just_ends_and_only_once(town, shift):
    hand_over_shift(handed={}, by=town.actor("aigerim"), now=NOW + HOUR)
    with refused("shift.not_running"):
        hand_over_shift(handed={}, by=town.actor("aigerim"), now=NOW + HOUR)


def test_what_somebody_took_after_the_shift_comes_back_to_the_role(town, shift):
    hand_over_shift(handed={}, by=town.actor("aigerim"), now=NOW + HOUR)
    task = taken(town, now=NOW + HOUR)
    assert not gone_home(by=WORKER, now=NOW + HOUR + LATER - timedelta(minutes=2))
    late = NOW + HOUR + LATER + timedelta(minutes=1)
    assert [orphan.uid for orphan in orphans(now=late)] == [task.uid]
    assert gone_home(by=WORKER, now=late)
    task.refresh_from_db()
    assert task.owner is None
    assert list(orphans(now=late)) == []
    assert JournalEntry.objects.filter(kind="task.given_back").count() == 1


def test_who_works_again_or_is_on_duty_keeps_it(town, shift):
    hand_over_shift(handed={}, by=town.actor("aigerim"), now=NOW + HOUR)
    taken(town, now=NOW + HOUR)
    start_shift(by=town.actor("aigerim"), now=NOW + HOUR)
    planned(town, "marat", begins=1, hours=8)
    taken(town, "marat", now=NOW + HOUR)
    assert not gone_home(by=WORKER, now=NOW + 3 * HOUR)
    assert gone_home(by=WORKER, now=NOW + 10 * HOUR), "Marat's duty is over and no shift was begun"
    assert Task.objects.filter(owner__isnull=False).get().owner == town.users["aigerim"]


def test_who_never_worked_by_the_rota_is_not_sent_home_by_it(town):
    taken(town)
    assert not gone_home(by=WORKER, now=NOW + 100 * HOUR)


def test_a_forgotten_shift_ends_and_its_tasks_come_back(town):
    planned(town, begins=0, hours=8)
    start_shift(by=town.actor("aigerim"), now=NOW)
    task = taken(town)
    assert not gone_home(by=WORKER, now=NOW + 10 * HOUR)
    assert gone_home(by=WORKER, now=NOW + 11 * HOUR)
    assert Shift.objects.get().forgotten
    assert gone_home(by=WORKER, now=NOW + 12 * HOUR)
    task.refresh_from_db()
    assert task.owner is None


def test_a_question_nobody_answered_climbs_and_ends_with_the_duty(town):
    duty = planned(town, begins=20)
    swap = ask_colleague(duty=duty, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW)
    assert not gone_home(by=WORKER, now=NOW + 13 * HOUR)
    assert climb_overdue(by=WORKER, now=NOW + 13 * HOUR)
    assert Task.objects.get(about_uid=swap.uid).owner is None
    assert gone_home(by=WORKER, now=duty.starts_at)
    assert (Swap.objects.get().state, Task.objects.get().state) == ("withdrawn", "cancelled")
    assert list(orphans(now=duty.starts_at)) == []
