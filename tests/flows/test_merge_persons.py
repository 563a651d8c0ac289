"""One human being under two records: one watch, nobody rung twice, and nothing that was open gets lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from medet.base.actor import ROBOT, WORKER
from medet.base.scope import scope
from medet.contacts.calls.actions import permit
from medet.contacts.calls.claim import claim
from medet.contacts.models import CallAttempt, CallOrder
from medet.flows.conclude import Decision, conclude
from medet.flows.loops import orphans
from medet.flows.merge_persons import merge_persons
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_elsewhere import wish_visit
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.people.actions import unmerge
from medet.people.models import Person
from medet.records.actions import Findings
from medet.records.models import Case
from medet.records.states import Severity
from medet.staff.states import Role
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import LEASE, MANNERS
from tests.refusing import refused
from tests.web.round import WORSE, told

NOW = make.NOON
LATER = NOW + timedelta(hours=1)
WISH = VisitWish(reason="worsening", urgency="today")


def two(town):
    """The same human being registered twice, watched twice."""
    return make.observed(town), make.observed(town, now=LATER)


def merged(town, person, into, now=LATER):
    return merge_persons(person=person, into=into, by=town.actor("aigerim"), now=now)


@pytest.mark.parametrize("younger_into_older", [True, False])
def test_the_older_watch_goes_on_and_nobody_is_rung_twice(town, younger_into_older):
    older, younger = two(town)
    pair = (younger.person, older.person) if younger_into_older else (older.person, younger.person)
    merged(town, *pair)
    assert [row.pk for row in Enrolment.objects.filter(state="active")] == [older.pk]
    states = {case.pk: case.state for case in Case.objects.all()}
    assert states == {older.case_id: "at_home", younger.case_id: "mistaken"}
    assert [order.enrolment_id for order in CallOrder.objects.filter(state="waiting")] == [older.pk]
    assert len(claim(limit=9, worker="test", manners=MANNERS, lease=LEASE, now=LATER)) == 1
    assert list(orphans(now=LATER)) == []


def test_who_is_watched_stays_before_an_older_case_that_is_not(town):
    older = make.case(town)
    younger = make.observed(town, now=LATER)
    merged(town, younger.person, older.person)
    assert Case.objects.get(pk=older.pk).state == "mistaken"
    assert not Task.objects.filter(about_uid=older.uid, state="open").exists()
    assert list(orphans(now=LATER)) == []


def test_a_visit_wished_for_elsewhere_is_owed_by_the_case_that_goes_on(town):
    """The robot's own contacts of the case that ends are not needed; this one is nobody's but a person's."""
    older, younger = two(town)
    olga = make.with_roles(town, "olga", (Role.OPERATOR, town.other_clinic))
    urgent = VisitWish(reason="worsening", urgency="two_hours", note="Second floor")
    with scope(WORKER):
        wish_visit(enrolment=younger, visit=urgent, by=olga, now=LATER)
    [asked] = Task.objects.filter(reason="visit_elsewhere")
    merged(town, younger.person, older.person, now=LATER + timedelta(minutes=90))
    [task] = Task.objects.filter(reason="visit_elsewhere", state="open")
    assert (task.case_id, task.weight, task.due_at) == (older.case_id, asked.weight, asked.due_at)
    assert "Olga Test: Second floor" in task.handed_note
    assert DueContact.objects.get(uid=task.about_uid).enrolment == older
    assert list(orphans(now=LATER)) == []


def test_alerts_and_the_visit_are_handed_on_with_their_tasks(town):
    older, younger = two(town)
    told(younger, WORSE, now=LATER)
    tasks = set(Task.objects.filter(about_type="alert").values_list("uid", "due_at"))
    visit = request_visit(case=younger.case, wish=WISH, by=town.actor("aigerim"), now=LATER)
    merged(town, younger.person, older.person)
    assert {alert.case_id for alert in Alert.objects.filter(state="open")} == {older.case_id}
    assert set(Task.objects.filter(about_type="alert", state="open").values_list("uid", "due_at")) == tasks
    visit.refresh_from_db()
    assert (visit.state, visit.case_id) == ("sent", older.case_id)
    assert {task.case_id for task in Task.objects.filter(state="open")} == {older.case_id}
    assert list(orphans(now=LATER)) == []


def test_two_visits_become_one(town):
    for enrolment in (pair := two(town)):
        request_visit(case=enrolment.case, wish=WISH, by=town.actor("aigerim"), now=LATER)
    merged(town, pair[1].person, pair[0].person)
    assert list(HomeVisit.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "closed"]
    assert list(orphans(now=LATER)) == []


def test_the_day_a_doctor_chose_is_handed_on(town):
    older, younger = two(town)
    today = younger.started_on
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays", next_contact_on=today)
    conclude(case=younger.case, decision=Decision(findings=findings), by=town.actor("serik"), now=LATER)
    merged(town, younger.person, older.person)
    due = DueContact.objects.get(kind="doctor", enrolment=older)
    assert (due.state, due.on) == ("doctors", today)
    assert list(orphans(now=LATER)) == []


def test_the_question_about_the_hospital_is_handed_on(town):
    older, younger = two(town)
    findings = Findings(severity=Severity.SEVERE, icd10="U07.1", outcome="hospitalise")
    conclude(case=younger.case, decision=Decision(findings=findings), by=town.actor("serik"), now=LATER)
    merged(town, younger.person, older.person)
    task = Task.objects.get(kind="admission")
    assert (task.state, task.case_id) == ("open", older.case_id)
    assert list(orphans(now=LATER)) == []


def test_one_open_case_is_left_as_it_is_and_the_same_twice_refuses(town):
    watched, other = make.observed(town), make.person(town)
    merged(town, other, watched.person)
    assert Case.objects.get().state == "at_home"
    with refused("person.merged_already"):
        merged(town, watched.person, other)
    with refused("case.already_open"):
        make.case(town, Person.objects.get(pk=other.pk))


def test_unmerge_parts_the_records_and_nothing_else(town):
    older, younger = two(town)
    merged(town, younger.person, older.person)
    unmerge(person=younger.person, by=WORKER, now=LATER)
    assert Person.objects.get(pk=younger.person_id).root_id == younger.person_id
    assert Case.objects.get(pk=younger.case_id).state == "mistaken"


def test_a_claim_and_a_merge_at_the_same_moment(live_database):
    """Whoever comes first: after the merge is committed the watch that ended rings nobody."""
    with scope(WORKER):
        town = make.city()
    for _ in range(8):
        with scope(WORKER):
            older, younger = two(town)
        barrier, faults = threading.Barrier(2), []

        def ring(barrier=barrier):
            barrier.wait(10)
            with scope(ROBOT):
                claim(limit=9, worker="race", manners=MANNERS, lease=LEASE, now=LATER)

        def join(barrier=barrier, older=older, younger=younger):
            barrier.wait(10)
            with scope(WORKER):
                merged(town, younger.person, older.person)

        threads = [threading.Thread(target=_guarded, args=(work, faults)) for work in (ring, join)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert faults == []
        with scope(WORKER):
            late = CallAttempt.objects.filter(order__enrolment=younger)
            assert not any(permit(attempt_id=row.pk, lease=LEASE, caller_id="", trunk="", now=LATER) for row in late)
            live = CallAttempt.objects.filter(person__root_id=older.person_id, state="claimed")
            assert live.count() <= 1


def _guarded(work, faults):
    try:
        work()
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connections.close_all()
