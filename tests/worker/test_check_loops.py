"""check_loops against planted orphans of every open state, and against a second count in plain SQL."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from medet.base.clock import local_day
from medet.base.states import all_lives
from medet.contacts.calls.claim import claim
from medet.contacts.models import CallOrder, Campaign, RobotStop
from medet.flows.loops import OWING, orphans, owed_states
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, Answers, DueContact, Enrolment
from medet.monitoring.planning import plan_doctors
from medet.monitoring.queries import programme
from medet.records.intake.models import IntakeList
from medet.records.models import Case
from medet.staff.rota.models import Swap
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import LEASE, MANNERS
from tests.staff.test_rota import planned

NOW = make.NOON
PLAIN_SQL = """
select count(*) from (
  select uid from records_case where state = any(%(case)s)
  union all select uid from monitoring_duecontact where state = any(%(due_contact)s)
  union all select uid from monitoring_alert where state = any(%(alert)s)
  union all select uid from handovers_homevisit where state = any(%(home_visit)s)
  union all select uid from staff_swap where state = any(%(swap)s)
  union all select uid from records_intakelist where state = any(%(intake_list)s)
  union all select uid from contacts_robotstop where state = any(%(robot_stop)s)
  union all select uid from contacts_campaign where state = any(%(campaign)s)
) owed where not exists (select 1 from tasks_task t where t.about_uid = owed.uid and t.state = 'open')
"""


def plant_calls(model, state, town):
    """Of one centre: a stop, or a campaign beside the day's own."""
    if model is RobotStop:
        return RobotStop.objects.create(organisation=town.centre, state=state, stopped_at=NOW)
    return Campaign.objects.create(organisation=town.centre, name="planted", on=NOW.date(), state=state, created_at=NOW)


def plant(life, model, state, town):
    """One row in `state` with no task: written past the actions on purpose."""
    if model is Swap:
        duty = planned(town)
        return Swap.objects.create(
            duty=duty, asked_by=duty.user, colleague=town.users["marat"], state=state, asked_at=NOW
        ).uid
    if model is IntakeList:
        return plant_list(state, town).uid
    if model in (Campaign, RobotStop):
        return plant_calls(model, state, town).uid
    enrolment = make.observed(town)
    case = enrolment.case
    if model is Case:
        Case.objects.filter(pk=case.pk).update(state=state)
        Task.objects.filter(about_uid=case.uid).delete()
        DueContact.objects.filter(enrolment=enrolment).update(state="done")
        return case.uid
    if model is DueContact and state == "doctors":
        return doctors(enrolment, state).uid
    if model is DueContact:
        due = DueContact.objects.get(enrolment=enrolment)
        DueContact.objects.filter(pk=due.pk).update(state=state)
        CallOrder.objects.filter(due_contact=due).update(state="exhausted")
        return due.uid
    common = {"case": case, "person": case.person, "organisation": town.centre}
    if model is Alert:
        answers = Answers.objects.create(
            enrolment=enrolment,
            person=case.person,
            organisation=town.centre,
            programme=programme("covid-home"),
            source="robot",
            given_at=NOW,
        )
        alert = Alert.objects.create(
            enrolment=enrolment,
            answers=answers,
            programme=answers.programme,
            rule="worse",
            band="amber",
            state=state,
            opened_at=NOW,
            last_seen_at=NOW,
            due_at=NOW,
            **common,
        )
        return alert.uid
    visit = HomeVisit.objects.create(
        clinic=town.clinic,
        clinic_choice="address",
        reason="worsening",
        urgency="today",
        icd10="U07.1",
        address="-",
        district="751310000",
        state=state,
        created_at=NOW,
        visit_due_at=NOW + timedelta(hours=2),
        result="stays_home" if state == "done" else "",
        ended_at=NOW if state == "done" else None,
        **common,
    )
    return visit.uid


def doctors(enrolment, state):
    """A doctor's contact of today."""
    robots = DueContact.objects.get(enrolment=enrolment)
    names = ("enrolment", "person", "organisation", "on", "window_start", "window_end")
    return DueContact.objects.create(kind="doctor", state=state, **{name: getattr(robots, name) for name in names})


def plant_list(state, town):
    return IntakeList.objects.create(
        organisation=town.centre,
        sha256="0" * 64,
        by_user=town.users["aigerim"],
        given_at=NOW,
        moved_at=NOW,
        day=local_day(NOW),
        header_cipher=b"",
        headed=True,
        state=state,
    )


def test_every_owing_life_is_checked():
    """A life that is added later and owes something must be added to the check."""
    owing = {life.name for life in all_lives() if any(life.owes.values())}
    assert owing == {life.name for life, _ in OWING}


def test_nothing_is_lost_after_an_ordinary_start(town):
    make.observed(town)
    make.case(town)
    assert list(orphans(now=NOW)) == []


def test_one_planted_orphan_of_every_open_state_is_named_and_nothing_else(town):
    planted = {
        (life.name, state): plant(life, model, state, town) for life, model in OWING for state in owed_states(life)
    }
    found = {(orphan.kind, orphan.state): orphan.uid for orphan in orphans(now=NOW)}
    assert found == planted
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_SQL, {life.name: owed_states(life) for life, _ in OWING})
        assert cursor.fetchone()[0] == len(planted)


def test_a_planned_contact_that_no_campaign_holds_is_named(town):
    enrolment = make.observed(town)
    CallOrder.objects.filter(enrolment=enrolment).update(state="stopped")
    assert [orphan.why for orphan in orphans(now=NOW)] == ["no campaign holds it"]


def test_a_doctors_contact_that_nobody_was_asked_for_is_named(town):
    due = doctors(make.observed(town), "planned")
    assert list(orphans(now=NOW - timedelta(days=1))) == [], "tomorrow's has time"
    assert [(orphan.uid, orphan.why) for orphan in orphans(now=NOW)] == [(due.uid, "no doctor was asked for it")]


def test_who_has_no_doctors_contact_planned_is_named(town):
    enrolment = make.observed(town)
    late = NOW + timedelta(days=3)
    DueContact.objects.filter(enrolment=enrolment).update(state="done", on=local_day(late))
    assert [(orphan.uid, orphan.why) for orphan in orphans(now=late)] == [
        (enrolment.uid, "no doctor's contact is planned")
    ]
    plan_doctors(day=local_day(late), zone="Asia/Almaty", gap=3)
    assert [orphan.why for orphan in orphans(now=late)] == ["no doctor was asked for it"]


def test_a_window_that_is_over_is_named(town):
    make.observed(town)
    late = NOW + timedelta(hours=9)
    assert [orphan.why for orphan in orphans(now=late)] == ["its window is over"]


def test_an_observed_person_without_a_plan_for_today_is_named(town):
    enrolment = make.observed(town)
    CallOrder.objects.filter(enrolment=enrolment).delete()
    DueContact.objects.filter(enrolment=enrolment).delete()
    assert [orphan.kind for orphan in orphans(now=NOW)] == ["enrolment"]


def test_a_task_about_nothing_is_named(town):
    enrolment = make.observed(town)
    make.case(town)
    Case.objects.exclude(pk=enrolment.case_id).update(state="at_home")
    assert [orphan.why for orphan in orphans(now=NOW)] == ["no programme watches over it", "its case owes nothing"]


def test_a_person_at_home_without_a_programme_is_named(town):
    enrolment = make.observed(town)
    DueContact.objects.filter(enrolment=enrolment).update(state="done")
    Enrolment.objects.filter(pk=enrolment.pk).update(state="ended")
    assert [orphan.why for orphan in orphans(now=NOW)] == ["no programme watches over it"]


def test_an_attempt_whose_process_is_gone_is_named(town):
    make.observed(town)
    claim(limit=1, worker="gone", manners=MANNERS, lease=LEASE, now=NOW)
    late = NOW + LEASE + timedelta(seconds=61)
    assert [orphan.why for orphan in orphans(now=late)] == ["its process is gone"]


def test_the_command_says_it_and_exits_with_one(town, capsys):
    enrolment = make.observed(town)
    CallOrder.objects.filter(enrolment=enrolment).update(state="stopped")
    with pytest.raises(SystemExit):
        call_command("check_loops")
    assert "no campaign holds it" in capsys.readouterr().out
