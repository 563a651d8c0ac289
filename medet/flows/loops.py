"""The check over promise 1: every open state that somebody owes has its task, every observed person their contact.

`manage.py check_loops` prints what this finds. It reads the tables only; it never trusts that an action ran.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from medet.base import policy
from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.states import Life
from medet.contacts.calls.models import CallOrder
from medet.contacts.calls.queries import lost_attempts
from medet.contacts.campaigns.models import Campaign, RobotStop
from medet.contacts.states import CAMPAIGN_LIFE, RINGS_NO_MORE, STOP_LIFE, OrderState
from medet.flows.gone_home import patience
from medet.handovers.models import HomeVisit
from medet.handovers.states import VISIT_LIFE
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.monitoring.planning import unplanned
from medet.monitoring.queries import doctors_due, observations_over, without_doctor
from medet.monitoring.states import ALERT_LIFE, BY_ROBOT, DUE_LIFE, DueState, EnrolmentState
from medet.records.intake.models import IntakeList
from medet.records.intake.states import LIST_LIFE, ListState
from medet.records.models import Case, Conclusion
from medet.records.states import CASE_LIFE, LEAVES_HOME, OBSERVED
from medet.staff.rota.models import Swap
from medet.staff.rota.states import SWAP_LIFE
from medet.tasks.models import Task
from medet.tasks.queries import left_behind
from medet.tasks.states import TaskState

# Every life in which somebody can owe a move; a test compares this with all declared lives.
OWING: tuple[tuple[Life, type[Any]], ...] = (
    (CASE_LIFE, Case),
    (DUE_LIFE, DueContact),
    (ALERT_LIFE, Alert),
    (VISIT_LIFE, HomeVisit),
    (SWAP_LIFE, Swap),
    (LIST_LIFE, IntakeList),
    (STOP_LIFE, RobotStop),
    (CAMPAIGN_LIFE, Campaign),
)
# The loops of the worker need a moment; later than this a row is left alone.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class Orphan:
    """A row that nobody is bound to move on."""

    kind: str
    uid: UUID
    state: str
    why: str


def orphans(*, now: datetime) -> Iterator[Orphan]:
    """Every open state without its owner."""
    for life, model in OWING:
        yield from _without_task(life, model)
    yield from _unheld_contacts(now)
    yield from _unplanned(now)
    yield from _without_doctor(now)
    yield from _undecided(now)
    yield from _unwatched()
    yield from _unconfirmed()
    yield from _dead_attempts(now)
    yield from _left_behind(now)
    yield from _standing_lists(now)
    yield from _idle_tasks()


def owed_states(life: Life) -> list[str]:
    """States in which somebody owes the next move."""
    return [str(state) for state, role in life.owes.items() if role is not None]


def _without_task(life: Life, model: type[Any]) -> Iterator[Orphan]:
    tasks = Task.objects.filter(about_uid=OuterRef("uid"), state=TaskState.OPEN)
    rows = model.objects.filter(~Exists(tasks), state__in=owed_states(life)).order_by("pk")
    for uid, state in rows.values_list("uid", "state"):
        yield Orphan(life.name, uid, state, "no task")


def _unheld_contacts(now: datetime) -> Iterator[Orphan]:
    """Planned contacts that no campaign will ring: without a waiting order, or past their window."""
    # A campaign that was stopped this minute is being handed over (stopped_calls).
    waiting = CallOrder.objects.filter(due_contact=OuterRef("pk"), state=OrderState.WAITING).exclude(
        campaign__state__in=RINGS_NO_MORE, campaign__moved_at__lt=now - GRACE
    )
    planned = DueContact.objects.filter(kind__in=BY_ROBOT, state=DueState.PLANNED)
    # Before its hours a contact is the planner's, which gives it to a campaign or, when they begin, to a person.
    for uid in _uids(planned.filter(~Exists(waiting), window_start__lt=now - GRACE)):
        yield Orphan("due_contact", uid, DueState.PLANNED, "no campaign holds it")
    for uid in _uids(planned.filter(Exists(waiting), window_end__lt=now - GRACE)):
        yield Orphan("due_contact", uid, DueState.PLANNED, "its window is over")


def _unplanned(now: datetime) -> Iterator[Orphan]:
    """Observed people who are owed a contact today, by the planner's own reckoning, and have none."""
    for uid in unplanned(local_day(now)):
        yield Orphan("enrolment", uid, EnrolmentState.ACTIVE, "nothing is planned for today")


def _without_doctor(now: datetime) -> Iterator[Orphan]:
    """Doctors' contacts whose day has come and which no doctor was asked for, and people who have none planned."""
    today = local_day(now - GRACE)
    for uid in _uids(doctors_due(today)):
        yield Orphan("due_contact", uid, DueState.PLANNED, "no doctor was asked for it")
    gap = policy.whole("video.max_gap_days", now=now)
    for uid in _uids(without_doctor(today, gap=gap)):
        yield Orphan("enrolment", uid, EnrolmentState.ACTIVE, "no doctor's contact is planned")


def _undecided(now: datetime) -> Iterator[Orphan]:
    """Observations that are over without a doctor's task."""
    tasks = Task.objects.filter(about_uid=OuterRef("uid"), state=TaskState.OPEN)
    over = observations_over(local_day(now - GRACE)).filter(~Exists(tasks))
    for uid in _uids(over):
        yield Orphan("enrolment", uid, EnrolmentState.ACTIVE, "its days are over and nobody decides")


def _unwatched() -> Iterator[Orphan]:
    """People observed at home whom no programme watches over."""
    watching = Enrolment.objects.filter(case=OuterRef("pk"), state=EnrolmentState.ACTIVE)
    rows = Case.objects.filter(~Exists(watching), state__in=OBSERVED).order_by("pk")
    for uid, state in rows.values_list("uid", "state"):
        yield Orphan("case", uid, state, "no programme watches over it")


def _unconfirmed() -> Iterator[Orphan]:
    """People at home of whom a doctor said "hospital", while nobody makes sure that they got there."""
    moved = JournalEntry.objects.filter(
        object_uid=OuterRef("case__uid"), kind="case.moved", at__gt=OuterRef("signed_at")
    )
    newer = Conclusion.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    asked = Task.objects.filter(about_uid=OuterRef("uid"), state=TaskState.OPEN)
    said = Conclusion.objects.filter(outcome__in=LEAVES_HOME, case__state__in=OBSERVED)
    for uid in _uids(said.filter(~Exists(newer), ~Exists(moved), ~Exists(asked))):
        yield Orphan("conclusion", uid, "signed", "nobody makes sure of the hospital")


def _dead_attempts(now: datetime) -> Iterator[Orphan]:
    """Attempts whose process is gone and which nobody closed: they keep a person's line shut."""
    for uid, state in lost_attempts(now - GRACE).values_list("uid", "state"):
        yield Orphan("call_attempt", uid, state, "its process is gone")


def _left_behind(now: datetime) -> Iterator[Orphan]:
    """Tasks that somebody who went home still holds: the role does not see that it must act."""
    for uid in _uids(left_behind(now=now, after=patience(now) + GRACE)):
        yield Orphan("task", uid, TaskState.OPEN, "who holds it is not at work")


def _standing_lists(now: datetime) -> Iterator[Orphan]:
    """Lists that are being taken in and do not move: the worker holds them, and no task does."""
    standing = IntakeList.objects.filter(state=ListState.TAKING, moved_at__lt=now - GRACE)
    for uid in _uids(standing):
        yield Orphan("intake_list", uid, ListState.TAKING, "nobody takes it in")


def _idle_tasks() -> Iterator[Orphan]:
    """Open tasks about something that owes nothing any more."""
    for life, model in OWING:
        moving = model.objects.filter(uid=OuterRef("about_uid"), state__in=owed_states(life))
        idle = Task.objects.filter(~Exists(moving), about_type=life.name, state=TaskState.OPEN)
        for uid in _uids(idle):
            yield Orphan("task", uid, TaskState.OPEN, f"its {life.name} owes nothing")


def _uids(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by("pk").values_list("uid", flat=True))
