"""Two records are one human being: one watch goes on, what was open of the other is handed on to it."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import WORKER, Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.admission import ADMISSION
from medet.flows.doctor_contact import ask_doctors
from medet.flows.end_case import end_case
from medet.flows.visit_elsewhere import hand_on_wish
from medet.handovers.actions import hand_on_visit
from medet.handovers.queries import open_visit_of
from medet.monitoring.actions import hand_on_alert, lock_due, plan_doctor
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.queries import active_enrolment, alerts_of, doctors_open
from medet.monitoring.states import DUE_OPEN
from medet.people.actions import lock_root, merge
from medet.people.models import Person
from medet.records.actions import lock_case
from medet.records.models import Case
from medet.records.queries import current_case
from medet.records.states import OBSERVED, CaseState
from medet.tasks.actions import hand_on
from medet.tasks.models import Task
from medet.tasks.states import TaskState


@transaction.atomic
def merge_persons(*, person: Person, into: Person, by: Actor, now: datetime) -> list[int]:
    """Joins the records; returns attempts that still ring for the watch that ended. `unmerge` parts the records again
    and leaves the ended case ended."""
    # Another organisation may hold one of the cases: what is not seen would be watched twice.
    with scope(WORKER):
        for record in sorted((person, into), key=lambda row: row.pk):
            lock_root(person=record)
        person.refresh_from_db(fields=["root"])
        into.refresh_from_db(fields=["root"])
        if person.root_id == into.root_id:
            raise Refused("person.merged_already")
        cases = [case for case in (current_case(person), current_case(into)) if case]
        live = _one_of(cases, by=by, now=now) if len(cases) > 1 else []
        merge(person=person, into=into, by=by, now=now)
        return live


def _one_of(cases: list[Case], *, by: Actor, now: datetime) -> list[int]:
    """A case that is watched stays before one that is not, then the older one."""
    for case in sorted(cases, key=lambda case: case.pk):
        lock_case(case_id=case.pk)
    stays, ends = sorted(cases, key=lambda case: (case.state not in OBSERVED, case.opened_at, case.pk))
    for due in DueContact.objects.filter(enrolment__case=ends, state__in=DUE_OPEN).order_by("pk"):
        lock_due(due_id=due.pk)
    for alert in alerts_of(ends):
        hand_on_alert(alert=alert, to=stays, by=by, now=now)
        hand_on(about_uid=alert.uid, case_id=stays.pk, by=by, now=now)
    # "Hospital" was said of the human being: somebody goes on asking whether they are there.
    asked = Task.objects.filter(case_id=ends.pk, about_type=ADMISSION, state=TaskState.OPEN)
    for uid in asked.values_list("about_uid", flat=True):
        hand_on(about_uid=uid, case_id=stays.pk, by=by, now=now)
    visit = open_visit_of(ends)
    if visit and open_visit_of(stays) is None:
        hand_on_visit(visit_id=visit.pk, to=stays, by=by, now=now)
        hand_on(about_uid=visit.uid, case_id=stays.pk, by=by, now=now)
    watch = active_enrolment(stays)
    if watch:
        hand_on_wish(ends=ends, stays=watch, by=by, now=now)
        _hand_on_doctors(ends, watch, by=by, now=now)
    return end_case(case=ends, to=CaseState.MISTAKEN, by=by, now=now, why="merged")


def _hand_on_doctors(ends: Case, stays: Enrolment, *, by: Actor, now: datetime) -> None:
    """The days a doctor chose; the robot's contacts of the case that stays are enough."""
    today = local_day(now)
    days = {max(due.on, today) for due in doctors_open(ends)} - {max(due.on, today) for due in doctors_open(stays.case)}
    for day in sorted(days):
        plan_doctor(enrolment=stays, on=day, by=by, now=now)
    ask_doctors(by=by, now=now)
