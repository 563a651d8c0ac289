"""Somebody with two roles at two organisations: neither role counts at the other place, also without row security.

Everything runs with the worker's eyes, so it is the judgement of each action and query that is seen here, not the
second line of defence behind it.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from medet.base.actor import WORKER, Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.contacts.campaigns.actions import daily_campaign, move_campaign
from medet.contacts.models import CallOrder
from medet.contacts.states import CampaignState
from medet.flows.about import about_alert
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.conclude import Decision, conclude
from medet.flows.end_case import end_case
from medet.flows.observe import begin, register_case
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.settle_alert import settle_alert
from medet.flows.visit_moves import advance_visit
from medet.handovers.queries import at_clinic, visible_to
from medet.handovers.states import VisitState
from medet.monitoring.models import Alert
from medet.monitoring.queries import programme
from medet.monitoring.states import AlertState
from medet.people.actions import merge
from medet.places.states import Kind
from medet.records.actions import Diagnosis, Findings
from medet.records.models import Case
from medet.records.states import CaseState, Classification, Regimen, Severity, Source
from medet.staff.states import Role
from medet.tasks.actions import About, Why, open_task, postpone_task, take_task
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from medet.tasks.states import TaskKind
from medet.web.doctor.worklist import tasks_of as doctors_tasks
from medet.web.operator.worklist import is_others
from medet.web.operator.worklist import tasks_of as operators_tasks
from tests import make
from tests.contacts.test_claim import claimed
from tests.refusing import refused

NOW = make.NOON
FINDINGS = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays")
MILD = Diagnosis(
    classification=Classification.CONFIRMED, icd10="U07.1", severity=Severity.MILD, regimen=Regimen.HOME_TREATMENT
)


def second_centre(town):
    return make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)


@pytest.fixture
def timur(town):
    """Rings at the centre; doctor and supervisor of another one."""
    other = second_centre(town)
    return make.with_roles(town, "timur", (Role.OPERATOR, town.centre), (Role.DOCTOR, other), (Role.SUPERVISOR, other))


@pytest.fixture
def zarina(town):
    """Doctor of the centre; receives visits at Clinic 17."""
    return make.with_roles(town, "zarina", (Role.DOCTOR, town.centre), (Role.CLINIC_RECEIVER, town.clinic))


def alarm(town) -> Alert:
    """A danger sign at the centre, with its doctor's task."""
    enrolment = make.observed(town)
    told = Told(enrolment=enrolment, programme=programme("covid-home"), source=Source.OPERATOR)
    answers_arrived(told=told, given={"breath": "rest"}, by=WORKER, now=NOW)
    return Alert.objects.filter(enrolment=enrolment).earliest("pk")


def task_of(alert: Alert) -> Task:
    return Task.objects.get(about_uid=about_alert(alert).uid)


def a_visit(town, clinic, *, centre=None):
    """A request of a centre to a clinic; of another centre when one is given."""
    case = make.observed(town).case
    if centre:
        case.organisation = centre
        case.save()
    doctor = make.with_roles(town, f"doctor{case.pk}", (Role.DOCTOR, case.organisation))
    return request_visit(
        case=case, wish=VisitWish(reason="worsening", urgency="today", clinic=clinic), by=doctor, now=NOW
    )


def trunk_task(town) -> Task:
    """What only a supervisor of the centre answers for."""
    about = About(type="trunk", uid=uuid4(), organisation_id=town.centre.pk)
    why, due_at = Why(code="trunk_silent"), NOW + timedelta(minutes=15)
    return open_task(kind=TaskKind.TRUNK, about=about, role=Role.SUPERVISOR, why=why, due_at=due_at, by=WORKER, now=NOW)


Attempt = Callable[[make.City, Actor], object]

# What the operator of the centre may do at the other place only.
AS_DOCTOR: dict[str, Attempt] = {
    "takes a doctor's task": lambda town, by: take_task(task=task_of(alarm(town)), by=by, now=NOW),
    "takes a supervisor's task": lambda town, by: take_task(task=trunk_task(town), by=by, now=NOW),
    "postpones a doctor's task": lambda town, by: postpone_task(
        about_uid=alarm(town).uid, until=NOW + timedelta(hours=1), by=by, now=NOW
    ),
    "settles a doctor's alert": lambda town, by: settle_alert(
        alert=alarm(town), to=AlertState.OVERRIDDEN, by=by, now=NOW
    ),
    "concludes": lambda town, by: conclude(
        case=make.observed(town).case, decision=Decision(findings=FINDINGS), by=by, now=NOW
    ),
    "calls somebody recovered": lambda town, by: end_case(
        case=make.observed(town).case, to=CaseState.RECOVERED, by=by, now=NOW
    ),
}
# What a doctor of the centre who receives at Clinic 17 may do for neither another clinic nor another centre.
AS_RECEIVER: dict[str, Attempt] = {
    "accepts another clinic's visit": lambda town, by: advance_visit(
        visit=a_visit(town, town.other_clinic), to=VisitState.RECEIVED, by=by, now=NOW
    ),
    "closes another centre's visit": lambda town, by: advance_visit(
        visit=a_visit(town, town.clinic, centre=second_centre(town)), to=VisitState.CLOSED, by=by, now=NOW
    ),
    "opens a case at the clinic": lambda town, by: register_case(
        person=make.person(town), diagnosis=MILD, organisation=town.clinic, by=by, now=NOW
    ),
    "ends another centre's case": lambda town, by: end_case(
        case=a_visit(town, town.clinic, centre=second_centre(town)).case, to=CaseState.MOVED, by=by, now=NOW
    ),
}


def got_through(attempts: dict[str, Attempt], town: make.City, by: Actor) -> list[str]:
    """The crossings that were not refused; each is undone."""
    return [name for name, attempt in attempts.items() if not _refused(attempt, town, by)]


def _refused(attempt: Attempt, town: make.City, by: Actor) -> bool:
    try:
        with transaction.atomic():
            attempt(town, by)
            transaction.set_rollback(True)
    except Refused:
        return True
    return False


def flat(self: Actor, organisation_id: int | None) -> frozenset[str]:
    """How rights must not be judged: any role anywhere."""
    return self.roles


def test_no_role_is_carried_to_another_place(town, timur, zarina):
    assert got_through(AS_DOCTOR, town, timur) == []
    assert got_through(AS_RECEIVER, town, zarina) == []


def test_each_role_counts_at_its_own_place(town, zarina):
    there = make.with_roles(town, "here", (Role.DOCTOR, town.centre), (Role.SUPERVISOR, town.centre))
    assert got_through(AS_DOCTOR, town, there) == list(AS_DOCTOR)
    for to, clinic in ((VisitState.RECEIVED, town.clinic), (VisitState.CLOSED, town.other_clinic)):
        assert advance_visit(visit=a_visit(town, clinic), to=to, by=zarina, now=NOW).state == to


def test_rights_that_are_judged_flat_are_caught(town, timur, zarina, monkeypatch):
    monkeypatch.setattr(Actor, "roles_at", flat)
    assert got_through(AS_DOCTOR, town, timur) == list(AS_DOCTOR)
    assert got_through(AS_RECEIVER, town, zarina)


def test_the_robot_is_switched_where_one_is_an_operator(town):
    other = second_centre(town)
    rita = make.with_roles(town, "rita", (Role.DOCTOR, town.centre), (Role.OPERATOR, other))
    ours, theirs = (
        daily_campaign(organisation_id=place.pk, on=local_day(NOW), by=WORKER, now=NOW)
        for place in (town.centre, other)
    )
    with refused("move.not_yours"):
        move_campaign(campaign_id=ours.pk, to=CampaignState.STOPPED, by=rita, now=NOW)
    assert move_campaign(campaign_id=theirs.pk, to=CampaignState.STOPPED, by=rita, now=NOW).state == "stopped"


def test_a_doctors_list_is_of_the_places_where_one_is_a_doctor(town, timur):
    mine, task = timur, task_of(alarm(town))
    assert list(doctors_tasks(mine)) == []
    assert list(doctors_tasks(town.actor("serik"))) == [task]
    # At the centre an operator sees that a doctor must act, and does not act in the doctor's place.
    assert list(operators_tasks(mine)) == [task]
    assert is_others(task, mine)
    assert list(worklist(mine, roles=frozenset({Role.SUPERVISOR}))) == []


def test_what_climbed_is_shown_where_one_is_the_supervisor(town, timur):
    climbed = trunk_task(town)
    assert climbed not in operators_tasks(timur)
    assert climbed in operators_tasks(town.actor("saule"))


def test_a_clinics_list_is_of_the_clinics_where_one_receives(town, zarina):
    ours, theirs = a_visit(town, town.clinic), a_visit(town, town.other_clinic)
    strange = a_visit(town, town.other_clinic, centre=second_centre(town))
    assert list(at_clinic(zarina)) == [ours]
    # As the centre's doctor she sees what the centre asked for, and nothing between two others.
    assert set(visible_to(zarina)) == {ours, theirs}
    assert set(visible_to(zarina.narrowed({Role.CLINIC_RECEIVER}))) == {ours}
    doctor_there = make.with_roles(town, "guest", (Role.DOCTOR, town.other_clinic))
    assert strange not in visible_to(doctor_there)


def test_who_died_is_rung_by_no_centres_robot(town):
    """A centre ends its own case only; the other one's robot is silent from this moment on, and its people ask."""
    ours, far = make.observed(town), second_centre(town)
    operator = make.with_roles(town, "olga", (Role.OPERATOR, far))
    same = make.person(town)
    with scope(operator):
        case = register_case(person=same, diagnosis=MILD, organisation=far, by=operator, now=NOW)
        theirs = begin(case=case, programme_code="covid-home", by=operator, now=NOW)
    merge(person=same, into=ours.person, by=WORKER, now=NOW)
    plan_day(day=local_day(NOW), by=WORKER, now=NOW)
    with scope(town.actor("serik")):
        end_case(case=ours.case, to=CaseState.DIED, by=town.actor("serik"), now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.AT_HOME
    assert [order.state for order in CallOrder.objects.filter(enrolment=theirs)] == ["exhausted"]
    assert Task.objects.get(organisation=far, state="open", about_type="due_contact").reason == "ended_elsewhere"
    tomorrow = NOW + timedelta(days=1)
    plan_day(day=local_day(tomorrow), by=WORKER, now=tomorrow)
    assert not CallOrder.objects.filter(enrolment=theirs, state="waiting").exists()
    reasons = set(Task.objects.filter(organisation=far, state="open").values_list("reason", flat=True))
    assert reasons == {"ended_elsewhere"}


def test_the_claim_itself_rings_nobody_who_is_recorded_as_dead(town):
    """Also when the plan of today was made before; a case opened after the record says that it was wrong."""
    ours = make.observed(town)
    other = make.observed(town)
    Case.objects.filter(pk=other.case_id).update(state=CaseState.DIED, ended_at=NOW + timedelta(minutes=1))
    merge(person=other.person, into=ours.person, by=WORKER, now=NOW)
    at = NOW + timedelta(minutes=2)
    assert claimed(at) == []
    Case.objects.filter(pk=ours.case_id).update(opened_at=at)
    assert len(claimed(at)) == 1


def test_whom_another_centre_follows_is_said_with_its_name(town):
    ours, far = make.observed(town), second_centre(town)
    operator = make.with_roles(town, "olga", (Role.OPERATOR, far))
    with scope(operator), refused("case.open_elsewhere") as caught:
        register_case(person=ours.person, diagnosis=MILD, organisation=far, by=operator, now=NOW)
    assert "Centre" in caught.value.sentence()
