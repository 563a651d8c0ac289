"""What an operator works on: one person with the case, everything owed, the visit and the last answers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from medet.base import policy
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
from medet.tasks.rules import is_held_by_another, tries_of
from medet.tasks.states import TaskKind
from medet.web.operator.worklist import BY_PHONE, Place, address_of, is_others, tasks_of, weight_pill
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.shapes import Action, AlertBox, Tab
from medet.web.parts.words import due_view

ANSWERS, VISIT, PHONES, CASE = "answers", "visit", "phones", "case"
SIDES = {
    ANSWERS: (gettext_lazy("Answers"), "KeyQ"),
    VISIT: (pgettext_lazy("tab", "Visit"), "KeyA"),
    PHONES: (pgettext_lazy("tab", "Reach"), "KeyR"),
    CASE: (gettext_lazy("Case"), "KeyE"),
}
# Which form a task opens first; all others ask for a call.
FIRST = {
    TaskKind.START_OBSERVATION: CASE,
    TaskKind.VISIT_RESULT: VISIT,
    TaskKind.ALERT: VISIT,
    TaskKind.FIX_PHONE: PHONES,
    TaskKind.ADMISSION: CASE,
}


# So often nobody answered that somebody should go there.
ENOUGH_TRIES = 3


def first_form(task: Task) -> str:
    """The form a task opens."""
    if tries_of(task) >= ENOUGH_TRIES:
        return VISIT
    return FIRST.get(TaskKind(task.kind), ANSWERS)


@dataclass(frozen=True)
class Work:
    """Everything the middle and the right side are made of."""

    person: Person
    place: Place
    case: Case | None
    enrolment: Enrolment | None
    tasks: list[Task]
    own: list[Task]  # without the doctors' red ones, which are only shown
    visit: HomeVisit | None
    last: Answers | None
    fresh_since: datetime  # what a colleague took before and left lying locks nobody out

    @property
    def sides(self) -> list[str]:
        """The forms that make sense now."""
        if self.case is None:
            return []
        return [ANSWERS, VISIT, PHONES, CASE] if self.enrolment else [VISIT, PHONES, CASE]

    def side(self, asked: str) -> str:
        """The form that was asked for, else the one the first task is about; none when nothing is owed."""
        if asked in self.sides:
            return asked
        first = first_form(self.tasks[0]) if self.tasks else ""
        return first if first in self.sides else ""

    def url(self, **more: str) -> str:
        """Where every move about this person is posted."""
        return address_of(self.person, self.place, **more)

    def seen(self) -> Case:
        """The case of a form; without one there is nothing to write."""
        if self.case is None:
            raise Refused("case.not_observed")
        return self.case

    def holder(self, by: Actor) -> str:
        """The colleague who has taken this person."""
        held = [task for task in self.own if is_held_by_another(task, by.user_id, fresh_since=self.fresh_since)]
        return str(held[0].owner) if held else ""

    def check_free(self, by: Actor) -> None:
        """Two operators do not write to one patient at once."""
        if self.holder(by):
            raise Refused("task.taken", name=self.holder(by))


def work_on(person: Person, place: Place, *, by: Actor, now: datetime) -> Work:
    """Gathers it; the person was opened, and so audited, by the caller."""
    case = current_case(person)
    tasks = list(tasks_of(by).filter(person__root_id=person.root_id))
    return Work(
        person=person,
        place=replace(place, person=person.uid),
        case=case,
        enrolment=active_enrolment(case) if case else None,
        tasks=tasks,
        own=[task for task in tasks if not is_others(task, by)],
        visit=open_visit_of(case) if case else None,
        last=answers_of(case).first() if case else None,
        fresh_since=now - lock_time(now),
    )


def lock_time(now: datetime) -> timedelta:
    """How long a patient somebody took is locked for the others."""
    return timedelta(minutes=policy.whole("task.lock_minutes", now=now))


def tabs(work: Work, side: str) -> list[Tab]:
    """The forms as tabs with their keys."""
    return [
        Tab(str(SIDES[code][0]), work.url(form=code), current=code == side, key=SIDES[code][1]) for code in work.sides
    ]


@dataclass(frozen=True)
class Owed:
    """One task above the form: why, until when, and what may be done with it."""

    box: AlertBox
    move: Action | None = None


def owed(work: Work, *, by: Actor, now: datetime) -> list[Owed]:
    """What operators owe for this person, the gravest first; the doctors' alerts stand in the card."""
    programmes, free = programmes_of(work.own), not work.holder(by)
    rows = []
    for task in work.own:
        pill, words = weight_pill(task), reason_of(task, programmes)
        box = AlertBox(pill.tone, pill.icon, words, due=due_view(task.due_at, now=now))
        rows.append(Owed(box, _settle(task, work) if free else None))
    return rows


def _settle(task: Task, work: Work) -> Action | None:
    if task.kind == TaskKind.ADMISSION and task.about_type == "case":
        return Action("still_there", _("Still in hospital"), work.url(), "bed", "tight")
    if task.kind == TaskKind.ADMISSION:
        return Action("not_taken", _("Was not taken"), work.url(task=str(task.uid)), "home", "tight")
    if task.kind != TaskKind.ALERT:
        return None
    return Action("settle", _("Dealt with"), work.url(task=str(task.uid)), "check", "tight")


def take_action(work: Work, *, by: Actor) -> Action | None:
    """Offered while an own task lies free."""
    free = any(task.owner_id != by.user_id for task in work.own) and not work.holder(by)
    return Action("take", _("Take the task"), work.url(), "user-check", key="KeyT") if free else None


def vain_action(work: Work, *, by: Actor) -> Action | None:
    """Offered while a call by hand is owed."""
    rings = any(task.kind in BY_PHONE for task in work.own) and not work.holder(by)
    return Action("not_reached", _("Nobody answered"), work.url(), "phone-off", key="KeyN") if rings else None
