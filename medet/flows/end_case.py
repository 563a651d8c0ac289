"""A case leaves home: every contact stops, and what was open is closed or handed on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from medet.base.actor import WORKER, Actor
from medet.base.scope import scope
from medet.contacts.calls.actions import stop_calls
from medet.flows.admission import ask_hospital
from medet.flows.hand_contact import hand_contact
from medet.flows.shown_alerts import open_when_shown
from medet.handovers.actions import move_visit
from medet.handovers.queries import open_visit_of
from medet.handovers.states import VisitState
from medet.monitoring.actions import close_alert, end_enrolment, move_due
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.queries import alerts_of, begun_by_robot
from medet.monitoring.states import DUE_OPEN, AlertState, DueState, EnrolmentState
from medet.people.actions import lock_root
from medet.records.actions import move_case
from medet.records.models import Case
from medet.records.states import OPEN, CaseState
from medet.tasks.actions import close_task
from medet.tasks.models import Task
from medet.tasks.states import TaskState

# What is said of the human being ends every case of every record of theirs.
OF_THE_PERSON = (CaseState.DIED, CaseState.MOVED)


@transaction.atomic
def end_case(
    *, case: Case, to: CaseState, by: Actor, now: datetime, why: str = "", shown: Collection[UUID] = ()
) -> list[int]:
    """Admission and every end. Returns attempts that still ring, for the phone process to hang up.

    `shown`: the alerts that stood on the page; a danger sign that did not refuses, and nothing is changed.

    Locks from the case downwards as everybody does (monitoring.actions.lock_due); the dialler's claim passes over
    what is locked.
    """
    if to in OF_THE_PERSON:
        lock_root(person=case.person)  # two centres may say it at one moment, each about all cases
    moved = move_case(case_id=case.pk, to=to, by=by, now=now, why=why)
    enrolments = list(Enrolment.objects.filter(case=moved, state=EnrolmentState.ACTIVE).order_by("pk"))
    for enrolment in enrolments:
        end_enrolment(enrolment_id=enrolment.pk, reason=to, by=by, now=now)
    _cancel_contacts(moved, by=by, now=now)
    live = stop_calls(enrolment_ids=[enrolment.pk for enrolment in enrolments], by=by, now=now)
    _cancel_alerts(moved, shown, by=by, now=now)
    _close_visit(moved, by=by, now=now)
    _close_tasks(moved, to=to, by=by, now=now)
    if to == CaseState.ADMITTED:
        ask_hospital(case=moved, by=by, now=now)
    if to in OF_THE_PERSON:
        for other in Case.objects.filter(person__root_id=case.person.root_id, state__in=OPEN).order_by("pk"):
            # The page is about one case; who died or moved away leaves no sign of another to act on.
            known = [alert.uid for alert in alerts_of(other)]
            live += end_case(case=other, to=to, by=by, now=now, why=why, shown=known)
    if to == CaseState.DIED:
        live += _elsewhere(case, by=by, now=now)
    return live


def _elsewhere(case: Case, *, by: Actor, now: datetime) -> list[int]:
    """Cases at other centres of somebody who died, which this actor neither sees nor ends: what was planned for the
    robot goes to their operators, who ask; the claim itself rings the dead no more."""
    with scope(WORKER):
        others = Case.objects.filter(person__root_id=case.person.root_id, state__in=OPEN)
        enrolments = list(Enrolment.objects.filter(case__in=others, state=EnrolmentState.ACTIVE))
        for due in begun_by_robot(now).filter(enrolment__in=enrolments):
            hand_contact(due=due, reason="ended_elsewhere", by=WORKER, now=now)
        return stop_calls(enrolment_ids=[enrolment.pk for enrolment in enrolments], by=WORKER, now=now)


def _cancel_contacts(case: Case, *, by: Actor, now: datetime) -> None:
    for due in DueContact.objects.filter(enrolment__case=case, state__in=DUE_OPEN).order_by("pk"):
        move_due(due_id=due.pk, to=DueState.CANCELLED, by=by, now=now)


def _cancel_alerts(case: Case, shown: Collection[UUID], *, by: Actor, now: datetime) -> None:
    for alert in open_when_shown(case, shown):
        close_alert(alert_id=alert.pk, to=AlertState.CANCELLED, by=by, now=now)


def _close_visit(case: Case, *, by: Actor, now: datetime) -> None:
    visit = open_visit_of(case)
    if visit:
        move_visit(visit_id=visit.pk, to=VisitState.CLOSED, by=by, now=now)


def _close_tasks(case: Case, *, to: CaseState, by: Actor, now: datetime) -> None:
    # What a clinic owed for this case is over too, though the centre does not see it.
    with scope(WORKER):
        for uid in Task.objects.filter(case_id=case.pk, state=TaskState.OPEN).values_list("about_uid", flat=True):
            close_task(about_uid=uid, outcome=to, by=by, now=now, state=TaskState.CANCELLED)
