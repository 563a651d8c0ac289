"""The evening plans tomorrow and asks nobody yet; what the robot cannot do is a person's when its hours begin."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.policy import change
from medet.contacts.campaigns.actions import move_campaign
from medet.contacts.campaigns.models import Campaign
from medet.contacts.models import CallOrder
from medet.contacts.states import CampaignState
from medet.flows.end_case import end_case
from medet.flows.give_list import give_list
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.new_phone import new_phone, phone_learned
from medet.flows.robot_consent import no_robot_calls
from medet.flows.stopped_calls import hand_stopped
from medet.flows.take_list import start_list, take_lists
from medet.flows.windows import close_windows
from medet.flows.write_contact import write_contact
from medet.monitoring.models import DueContact
from medet.people.models import Person, Phone
from medet.people.states import PhoneState, Whose
from medet.records.states import CaseState
from medet.tasks.models import Task
from medet.worker.planner import Planner
from tests import make
from tests.contacts.test_claim import claimed
from tests.flows.test_day import answered_call
from tests.flows.test_left_with_people import CALM
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes

NOON = make.NOON
HOUR = timedelta(hours=1)
EVENING = NOON + 6 * HOUR + timedelta(minutes=30)  # 18:30
MORNING = NOON + 21 * HOUR  # 09:00 of the next day
TODAY = local_day(NOON)
TOMORROW = local_day(MORNING)


def turn(now):
    """What the worker's loop does in its first turn, when it looks at everybody."""
    Planner().step(now)


def without_phone(enrolment):
    Phone.objects.filter(person=enrolment.person).update(state=PhoneState.BAD)


def without_birth_date(enrolment):
    Person.objects.filter(pk=enrolment.person_id).update(birth_date=None)


def unwilling(enrolment):
    no_robot_calls(person=enrolment.person, channel="phone", by=WORKER, now=NOON)


def tasks():
    return list(Task.objects.filter(state="open").order_by("pk").values_list("reason", "due_at", "rung"))


def tomorrows(enrolment):
    return DueContact.objects.get(enrolment=enrolment, kind="robot", on=TOMORROW)


@pytest.fixture
def spoken_with(town):
    """Somebody whose contact of today was made."""
    enrolment = make.observed(town)
    DueContact.objects.update(state="done")
    CallOrder.objects.update(state="done")
    return enrolment


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(without_phone, "no_phone"), (without_birth_date, "no_birth_date"), (unwilling, "no_robot_consent")],
)
def test_whom_the_robot_cannot_ring_tomorrow_is_nobodys_task_tonight(town, spoken_with, spoil, reason):
    spoil(spoken_with)
    turn(EVENING)
    turn(EVENING)
    assert tomorrows(spoken_with).state == "planned"
    assert not CallOrder.objects.filter(due_contact=tomorrows(spoken_with)).exists()
    assert tasks() == []
    assert list(orphans(now=MORNING)) == []
    turn(MORNING)
    assert tasks() == [(reason, MORNING + 4 * HOUR, 0)]
    assert list(orphans(now=MORNING + HOUR)) == []


def test_answers_of_the_evening_settle_today_and_nothing_climbs_at_night(town):
    enrolment = make.observed(town)
    without_phone(enrolment)
    turn(NOON)
    turn(EVENING)
    assert [reason for reason, _due, _rung in tasks()] == ["no_phone"]
    write_contact(case=enrolment.case, given={"state": "same"}, by=town.actor("aigerim", now=EVENING), now=EVENING)
    turn(EVENING + HOUR)
    assert tasks() == []
    assert [due.state for due in DueContact.objects.filter(kind="robot").order_by("on")] == ["done", "planned"]
    assert not climb_overdue(by=WORKER, now=NOON + 11 * HOUR)


def test_the_robot_can_ring_again_before_the_hours_begin(town, spoken_with):
    without_phone(spoken_with)
    turn(EVENING)
    new_phone(
        person=spoken_with.person, number="+77770001122", whose=Whose.OWN, by=town.actor("aigerim"), now=EVENING + HOUR
    )
    turn(EVENING + HOUR)
    turn(MORNING)
    assert tasks() == []
    assert [one.number for one in claimed(MORNING)] == ["+77770001122"]


def test_what_the_evening_learns_of_an_ordered_call_is_asked_in_the_morning(town, spoken_with):
    turn(EVENING)
    assert CallOrder.objects.get(due_contact=tomorrows(spoken_with)).state == "waiting"
    phone = Phone.objects.get(person=spoken_with.person)
    phone_learned(phone=phone, state=PhoneState.BAD, reason="x", by=town.actor("aigerim"), now=EVENING)
    assert tasks() == []
    turn(MORNING)
    assert [reason for reason, _due, _rung in tasks()] == ["no_phone"]
    assert claimed(MORNING) == []
    assert list(orphans(now=MORNING + HOUR)) == []


def test_a_refusal_in_the_evening_is_asked_in_the_morning(town, spoken_with):
    turn(EVENING)
    no_robot_calls(person=spoken_with.person, channel="phone", by=town.actor("aigerim"), now=EVENING)
    assert (tasks(), claimed(MORNING)) == ([], [])
    turn(MORNING)
    assert [reason for reason, _due, _rung in tasks()] == ["no_robot_consent"]


def test_tomorrows_campaign_stopped_in_the_evening_is_handed_over_in_the_morning(town, spoken_with):
    turn(EVENING)
    campaign = Campaign.objects.get(on=TOMORROW)
    move_campaign(campaign_id=campaign.pk, to=CampaignState.STOPPED, by=town.actor("saule"), now=EVENING)
    assert not hand_stopped(by=WORKER, now=EVENING)
    assert list(orphans(now=EVENING + HOUR)) == []
    assert hand_stopped(by=WORKER, now=MORNING)
    assert [reason for reason, _due, _rung in tasks()] == ["robot_stopped"]


def test_who_is_well_by_the_evening_is_nobodys_task_in_the_morning(town, spoken_with):
    without_phone(spoken_with)
    turn(EVENING)
    end_case(case=spoken_with.case, to=CaseState.RECOVERED, by=town.actor("serik", now=EVENING), now=EVENING)
    turn(MORNING)
    assert tasks() == []


@pytest.fixture
def loop(django_capture_on_commit_callbacks):
    """One planner that goes on turning; what each turn asked the database."""
    planner = Planner()

    def turned(now):
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
            planner.step(now)
        return [query["sql"] for query in asked]

    return turned


def test_who_waits_for_a_call_is_not_looked_at_in_every_turn(town, spoken_with, loop):
    assert any("people_phone" in sql for sql in loop(EVENING))
    assert any("people_phone" in sql for sql in loop(MORNING)), "the hours begin"
    later = loop(MORNING + timedelta(seconds=30))
    assert not any("people_" in sql for sql in later)
    assert len(later) < 12
    assert tomorrows(spoken_with).state == "planned"


def test_who_is_new_is_looked_at_in_the_next_turn(town, loop):
    loop(NOON)
    enrolment = make.observed(town)
    without_phone(enrolment)
    CallOrder.objects.all().delete()
    loop(NOON + timedelta(seconds=30))
    assert [reason for reason, _due, _rung in tasks()] == ["no_phone"]


def test_whose_hours_begin_is_looked_at_again_whatever_was_learned_before(town, spoken_with, loop):
    loop(EVENING)
    unwilling(spoken_with)
    for minutes in (-1, 0, 1):
        loop(MORNING + timedelta(minutes=minutes))
    assert tasks() == [("no_robot_consent", MORNING + 4 * HOUR, 0)]


def test_what_nobody_handed_over_is_seen_within_half_an_hour(town, loop):
    enrolment = make.observed(town)
    loop(NOON)
    without_birth_date(enrolment)
    loop(NOON + timedelta(minutes=29))
    assert tasks() == []
    loop(NOON + timedelta(minutes=31))
    assert [reason for reason, _due, _rung in tasks()] == ["no_birth_date"]


def test_a_turn_that_was_not_committed_has_not_looked(town, loop):
    planner = Planner()
    with transaction.atomic():
        planner.step(NOON)
        transaction.set_rollback(True)
    assert (planner.looked, planner.whole) == (None, None)


NIGHT = NOON + 9 * HOUR  # 21:00


@pytest.mark.parametrize("came", [NIGHT, NOON + 7 * HOUR + timedelta(minutes=45)], ids=["21:00", "19:45"])
def test_who_comes_in_the_evening_is_not_said_to_be_missed_by_the_robot(town, came):
    enrolment = make.observed(town, now=came)
    turn(came)
    assert tasks() == [("too_late_today", MORNING + 4 * HOUR, 0)]
    assert (claimed(came), close_windows(by=WORKER, now=NIGHT)) == ([], False)
    assert not climb_overdue(by=WORKER, now=MORNING)
    assert list(orphans(now=NIGHT + HOUR)) == []
    # An operator may ring tonight; else the robot's call of the morning settles both days.
    turn(MORNING)
    [call] = claimed(MORNING)
    answered_call(call.attempt_id, CALM | {"wants_doctor": "no"}, enrolment=enrolment, now=MORNING)
    assert tasks() == []


def test_an_answer_of_the_same_evening_settles_it(town):
    enrolment = make.observed(town, now=NIGHT)
    turn(NIGHT)
    write_contact(case=enrolment.case, given={"state": "same"}, by=town.actor("aigerim", now=NIGHT), now=NIGHT)
    assert tasks() == []
    assert [due.state for due in DueContact.objects.filter(kind="robot").order_by("on")] == ["done", "planned"]


def test_who_comes_with_time_left_is_the_robots(town):
    make.observed(town, now=NOON + 7 * HOUR)
    assert tasks() == []
    assert len(claimed(NOON + 7 * HOUR + timedelta(minutes=1))) == 1


def test_the_hours_of_the_law_may_end_before_those_of_the_programme(town):
    change(code="call.hours.end", value="18:00", valid_from=TODAY, by=WORKER, now=NOON)
    make.observed(town, now=EVENING)
    assert tasks() == [("too_late_today", MORNING + 4 * HOUR, 0)]


def test_nobody_wakes_a_number_that_is_missing_at_night(town):
    who = make.person(town)
    Phone.objects.filter(person=who).update(state=PhoneState.BAD)
    make.observed(town, who, now=NIGHT)
    assert tasks() == [("no_phone", MORNING + 4 * HOUR, 0)]


def test_a_list_of_the_night_is_one_true_reason(town):
    one = give_list(
        data=csv_bytes([RU, *(good(number) for number in range(1, 6))]),
        organisation=town.centre, by=town.actor("aigerim", now=NIGHT), now=NIGHT,
    )  # fmt: skip
    start_list(given=one, programme_code="covid-home", by=town.actor("aigerim", now=NIGHT), now=NIGHT)
    while take_lists(by=WORKER, now=NIGHT):
        pass
    assert set(tasks()) == {("too_late_today", MORNING + 4 * HOUR, 0)}
    assert len(tasks()) == 5
    assert not close_windows(by=WORKER, now=NIGHT + HOUR)
