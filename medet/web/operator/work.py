"""What an operator works on: one person with the case, the task in hand, the visit and the last answers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.handovers.models import HomeVisit
from medet.handovers.queries import open_visit_of
from medet.monitoring.models import Answers, Enrolment
from medet.monitoring.queries import active_enrolment, answers_of
from medet.people.models import Person
from medet.records.models import Case
from medet.records.queries import current_case
from medet.tasks.models import Task
from medet.tasks.rules import answers_for
from medet.tasks.states import TaskKind
from medet.web.operator.worklist import View, address_of, tasks_of, weight_pill
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.shapes import Action, AlertBox, Tab
from medet.web.parts.words import due_view

ANSWERS, VISIT, CASE = "answers", "visit", "case"
SIDES = {
    ANSWERS: (gettext_lazy("Answers"), "KeyQ"),
    VISIT: (gettext_lazy("Home visit"), "KeyA"),
    CASE: (gettext_lazy("Case"), "KeyE"),
}
# Which form a task opens first.
FIRST = {TaskKind.START_OBSERVATION: CASE, TaskKind.VISIT_RESULT: VISIT, TaskKind.ALERT: VISIT}


@dataclass(frozen=True)
class Work:
    """Everything the middle and the right side are made of."""

    person: Person
    view: View
    case: Case | None
    enrolment: Enrolment | None
    task: Task | None
    visit: HomeVisit | None
    last: Answers | None

    @property
    def sides(self) -> list[str]:
        """The forms that make sense now."""
        if self.case is None:
            return []
        return [ANSWERS, VISIT, CASE] if self.enrolment else [VISIT, CASE]

    def side(self, asked: str) -> str:
        """The form that was asked for, else the one the task is about."""
        if asked in self.sides:
            return asked
        first = FIRST.get(TaskKind(self.task.kind), ANSWERS) if self.task else ANSWERS
        return first if first in self.sides else next(iter(reversed(self.sides)), "")

    def seen(self) -> Case:
        """The case of a form; without one there is nothing to write."""
        if self.case is None:
            raise Refused("case.not_observed")
        return self.case


def work_on(person: Person, view: View, *, by: Actor) -> Work:
    """Gathers it; the person was opened, and so audited, by the caller."""
    case = current_case(person)
    tasks = list(tasks_of(by).filter(person__root_id=person.root_id))
    return Work(
        person=person,
        view=view,
        case=case,
        enrolment=active_enrolment(case) if case else None,
        task=next((task for task in tasks if task.uid == view.task), tasks[0] if tasks else None),
        visit=open_visit_of(case) if case else None,
        last=answers_of(case).first() if case else None,
    )


def tabs(work: Work, side: str, url: str) -> list[Tab]:
    """The forms as tabs with their keys."""
    query = work.view.query
    kept = {"task": str(work.view.task or "")}
    return [
        Tab(str(SIDES[code][0]), url + query(**kept, form=code), current=code == side, key=SIDES[code][1])
        for code in work.sides
    ]


@dataclass(frozen=True)
class InHand:
    """The task above the form: why, until when, whose it is, what may be done with it."""

    box: AlertBox
    moves: list[Action]
    locked: str = ""


def in_hand(work: Work, *, by: Actor, now: datetime) -> InHand | None:
    """None when nothing is owed for this person."""
    task = work.task
    if task is None:
        return None
    pill = weight_pill(task)
    ours = answers_for(task.role, by.roles)
    detail = _("You are working on this.") if task.owner_id == by.user_id else ""
    detail = detail if ours else _("A doctor answers for this. You may ring and ask for a home visit.")
    box = AlertBox(pill.tone, pill.icon, reason_of(task, programmes_of([task])), detail, due_view(task.due_at, now=now))
    if held_by_another(task, by=by) and ours:
        return InHand(box, [], _("%(name)s is already working on this.") % {"name": task.owner})
    return InHand(box, _moves(task, work.view) if ours else [])


def _moves(task: Task, view: View) -> list[Action]:
    url, moves = address_of(task, view), []
    if task.owner_id is None:
        moves.append(Action("take", _("Take the task"), url, "user-check", key="KeyT"))
    if task.kind == TaskKind.ALERT:
        moves.append(Action("settle", _("Dealt with"), url, "check", key="KeyD"))
    return moves


def held_by_another(task: Task | None, *, by: Actor) -> bool:
    """Whether a colleague has taken it."""
    return task is not None and task.owner_id not in (None, by.user_id)


def check_free(work: Work, *, by: Actor) -> None:
    """Two operators do not write to one patient at once."""
    if work.task and answers_for(work.task.role, by.roles) and held_by_another(work.task, by=by):
        raise Refused("task.taken", name=str(work.task.owner))
