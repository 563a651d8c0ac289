"""When the robot rings the telephone on duty of a clinic, and when it does not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from medet.base import policy
from medet.base.actor import ROBOT, WORKER
from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.scope import scope
from medet.contacts.models import StaffCall
from medet.contacts.staff_calls.actions import (
    StaffCallEnd,
    ask_test_call,
    close_lost_staff_calls,
    staff_call_answered,
    take_staff_call,
)
from medet.contacts.staff_calls.queries import duty_gaps
from medet.contacts.staff_calls.states import DutyGap
from medet.contacts.states import AttemptOutcome
from medet.flows.loops import orphans
from medet.flows.redirect_visit import redirect_visit
from medet.flows.ring_duty import end_staff_call, ring_duty, still_wanted
from medet.flows.stop_robot import let_ring, stop_robot
from medet.flows.visit_moves import advance_visit
from medet.handovers.actions import mark_shown
from medet.places.models import Organisation
from medet.staff.states import Role
from medet.tasks.models import Task
from tests import make
from tests.handovers.test_visits import asked

NOW, MINUTE = make.NOON, timedelta(minutes=1)
NUMBER, OTHER = "+77272000017", "+77272000005"
PREFIXES = ["+7"]


@pytest.fixture
def town(cast, settings):
    trunk = settings.TELEPHONY["trunk"] | {"address": "127.0.0.1:5070", "allowed_prefixes": PREFIXES}
    settings.TELEPHONY = settings.TELEPHONY | {"trunk": trunk}
    with scope(WORKER):
        for clinic, number, language in ((cast.clinic, NUMBER, "ru"), (cast.other_clinic, OTHER, "kk")):
            Organisation.objects.filter(pk=clinic.pk).update(duty_phone=number, duty_language=language)
        yield cast


def after(minutes):
    """The worker's turn so long after noon: which numbers are to be rung then."""
    ring_duty(by=WORKER, now=NOW + minutes * MINUTE)
    return [call.number for call in StaffCall.objects.filter(state="asked").order_by("pk")]


def rung(minutes, outcome=AttemptOutcome.NO_ANSWER, key=""):
    """The robot takes the call up and it comes out like this."""
    now = NOW + minutes * MINUTE
    call = take_staff_call(now=now)
    if outcome == AttemptOutcome.ANSWERED:
        staff_call_answered(call_id=call.pk, now=now)
    end_staff_call(call_id=call.pk, end=StaffCallEnd(outcome=outcome, key=key), by=ROBOT, now=now)
    return call


def shown(town, visit, name="dana", minutes=1):
    mark_shown(visit_ids=[visit.pk], by=town.actor(name), now=NOW + minutes * MINUTE)
    visit.refresh_from_db()


def told(visit):
    rows = JournalEntry.objects.filter(object_uid=visit.uid, kind="home_visit.rung")
    return list(rows.order_by("pk").values_list("code", flat=True))


def test_two_minutes_unseen_and_the_telephone_of_the_clinic_rings_in_its_language(town):
    asked(town)
    assert after(1.9) == []
    assert after(2) == [NUMBER]
    assert after(2.2) == [NUMBER], "one call is open already"
    call = StaffCall.objects.get()
    assert (call.kind, call.language, call.organisation, call.asked_by) == ("duty", "ru", town.clinic, None)


def test_a_request_that_was_shown_rings_nobody(town):
    visit = asked(town)
    shown(town, visit)
    assert visit.shown_at == NOW + MINUTE
    shown(town, visit, minutes=9)
    assert visit.shown_at == NOW + MINUTE, "the first time counts"
    assert after(10) == []
    assert JournalEntry.objects.filter(kind="home_visit.shown", organisation_id=town.clinic.pk).count() == 1


@pytest.mark.parametrize("name", ["boris", "aigerim", "serik"])
def test_only_the_clinic_itself_can_have_seen_it(town, name):
    visit = asked(town)
    shown(town, visit, name)
    assert visit.shown_at is None
    assert after(2) == [NUMBER]


def test_two_requests_are_one_call(town):
    visits = [asked(town), asked(town)]
    assert after(2) == [NUMBER]
    rung(2)
    assert [told(visit) for visit in visits] == [["no_answer"], ["no_answer"]]


def test_nobody_answers_so_it_rings_again_after_a_while_and_not_for_ever(town):
    visit = asked(town)
    rings = []
    for half_minutes in range(4, 120):
        if after(half_minutes / 2):
            rung(half_minutes / 2)
            rings.append(half_minutes / 2)
    assert rings == [2, 7, 12]
    assert told(visit) == ["no_answer"] * 3


def test_what_was_in_vain_for_one_request_does_not_hold_back_the_next(town):
    asked(town)
    for minutes in (2, 7, 12):
        assert after(minutes)
        rung(minutes)
    with scope(WORKER):
        second = asked(town)
    type(second).objects.filter(pk=second.pk).update(sent_at=NOW + 13 * MINUTE)
    assert after(14.9) == []
    assert after(15) == [NUMBER], "two minutes after it was sent, three after the last ring"


def test_heard_is_no_more_calls_and_the_clock_of_the_request_goes_on(town):
    visit = asked(town)
    before = Task.objects.get(about_uid=visit.uid)
    after(2)
    rung(2, AttemptOutcome.ANSWERED, key="1")
    visit.refresh_from_db()
    assert (visit.state, visit.duty_heard_at, visit.shown_at) == ("sent", NOW + 2 * MINUTE, None)
    assert told(visit) == ["heard"]
    assert after(60) == []
    task = Task.objects.get(about_uid=visit.uid)
    assert (task.state, task.due_at, task.rung) == ("open", before.due_at, before.rung)


@pytest.mark.parametrize("key", ["", "2"])
def test_answered_without_the_key_is_not_heard(town, key):
    visit = asked(town)
    after(2)
    rung(2, AttemptOutcome.ANSWERED, key=key)
    assert told(visit) == ["answered"]
    assert after(7) == [NUMBER]


def test_calls_about_older_requests_say_nothing_of_a_new_one(town):
    asked(town)
    after(2)
    rung(2, AttemptOutcome.ANSWERED, key="1")
    new = asked(town)
    type(new).objects.filter(pk=new.pk).update(sent_at=NOW + 3 * MINUTE)
    assert after(5) == [NUMBER]


def test_the_stop_of_the_robot_holds_and_lifting_lets_it_ring(town):
    asked(town)
    assert after(2) == [NUMBER]
    call = take_staff_call(now=NOW + 2 * MINUTE)
    assert still_wanted(call_id=call.pk, now=NOW + 2 * MINUTE)
    saule = town.actor("saule")
    stop = stop_robot(organisation_id=town.centre.pk, by=saule, now=NOW + 2 * MINUTE)
    assert not still_wanted(call_id=call.pk, now=NOW + 2 * MINUTE), "no INVITE, or the ring is taken back"
    end_staff_call(call_id=call.pk, end=StaffCallEnd(outcome="cancelled"), by=ROBOT, now=NOW + 2 * MINUTE)
    assert after(30) == []
    let_ring(stop=stop, why="mended", by=saule, now=NOW + 31 * MINUTE)
    assert after(31) == [NUMBER], "a call that was taken back does not count"


def test_a_test_call_rings_while_the_robot_is_stopped(town):
    admin = make.with_roles(town, "admin", (Role.ADMINISTRATOR, town.centre))
    call = ask_test_call(number="+77011234567", language="ru", allowed_prefixes=PREFIXES, by=admin, now=NOW)
    stop_robot(organisation_id=town.centre.pk, by=town.actor("saule"), now=NOW)
    assert still_wanted(call_id=call.pk, now=NOW)


def test_somebody_opens_the_page_while_it_rings(town):
    visit = asked(town)
    after(2)
    call = take_staff_call(now=NOW + 2 * MINUTE)
    shown(town, visit, minutes=2.1)
    assert not still_wanted(call_id=call.pk, now=NOW + 2.2 * MINUTE)
    # Picked up at the same moment: it was rung about, and is told.
    end = StaffCallEnd(outcome=AttemptOutcome.ANSWERED)
    end_staff_call(call_id=call.pk, end=end, by=ROBOT, now=NOW + 2.3 * MINUTE)
    assert told(visit) == ["answered"]


def test_a_redirected_request_begins_anew_at_the_next_clinic(town):
    visit = asked(town)
    shown(town, visit)
    sent = redirect_visit(
        visit=visit, to=town.other_clinic, why="not our street", by=town.actor("dana"), now=NOW + 5 * MINUTE
    )
    assert (sent.shown_at, sent.duty_heard_at) == (None, None)
    assert after(6.9) == []
    assert after(7) == [OTHER]
    assert StaffCall.objects.get().language == "kk"


def test_an_accepted_request_rings_nobody(town):
    visit = asked(town)
    with scope(town.actor("dana")):
        advance_visit(visit=visit, to="received", by=town.actor("dana"), now=NOW + MINUTE)
    assert after(5) == []


def test_a_clinic_that_cannot_be_rung_is_a_gap_and_no_call(town):
    asked(town)
    rows = Organisation.objects.filter(pk__in=[town.clinic.pk, town.other_clinic.pk])
    assert duty_gaps(rows.all(), allowed=PREFIXES) == {}
    rows.filter(pk=town.clinic.pk).update(duty_phone="")
    assert after(2) == []
    assert duty_gaps(rows.all(), allowed=PREFIXES) == {town.clinic.pk: DutyGap.NONE}
    rows.filter(pk=town.clinic.pk).update(duty_phone="+442079460958")
    assert after(3) == []
    assert duty_gaps(rows.all(), allowed=PREFIXES) == {town.clinic.pk: DutyGap.PREFIX}
    rows.filter(pk=town.clinic.pk).update(duty_phone=NUMBER)
    assert after(4) == [NUMBER]
    rung(4, AttemptOutcome.INVALID_NUMBER)
    assert duty_gaps(rows.all(), allowed=PREFIXES) == {town.clinic.pk: DutyGap.INVALID}
    rows.filter(pk=town.clinic.pk).update(duty_phone=OTHER)
    assert duty_gaps(rows.all(), allowed=PREFIXES) == {}, "another number is not held to have failed"


def test_without_a_trunk_nothing_is_asked_for(town, settings):
    settings.TELEPHONY = settings.TELEPHONY | {"trunk": settings.TELEPHONY["trunk"] | {"address": ""}}
    asked(town)
    assert after(2) == []


def test_a_trunk_that_is_away_is_tried_on_and_told_once(town):
    visit = asked(town)
    for minutes in range(2, 42, 5):
        assert after(minutes) == [NUMBER], "no telephone rang: these do not count"
        rung(minutes, AttemptOutcome.NETWORK_FAILED)
    assert told(visit) == ["network_failed"]
    assert after(42) == [NUMBER]
    rung(42, AttemptOutcome.ANSWERED, key="1")
    assert told(visit) == ["network_failed", "heard"]


def test_what_the_robot_did_not_take_up_is_not_rung_late(town):
    asked(town)
    after(2)
    assert take_staff_call(now=NOW + 4 * MINUTE) is None
    assert StaffCall.objects.get().outcome == "cancelled"
    assert after(4) == [NUMBER]


def test_a_crash_never_rings_twice_and_a_better_word_that_comes_late_is_taken(town):
    visit = asked(town)
    after(2)
    call = take_staff_call(now=NOW + 2 * MINUTE)
    close_lost_staff_calls(now=NOW + 2.1 * MINUTE)
    assert take_staff_call(now=NOW + 2.1 * MINUTE) is None
    assert after(6) == [], "it may have rung"
    end = StaffCallEnd(outcome=AttemptOutcome.ANSWERED, key="1")
    end_staff_call(call_id=call.pk, end=end, by=ROBOT, now=NOW + 6 * MINUTE)
    assert told(visit) == ["heard"]
    end_staff_call(call_id=call.pk, end=end, by=ROBOT, now=NOW + 7 * MINUTE)
    assert told(visit) == ["heard"], "said twice is said once"


def test_one_open_call_a_clinic_is_the_tables_own_rule(town):
    asked(town)
    after(2)
    call = StaffCall.objects.get()
    call.pk, call.uid = None, make.Person().uid
    with pytest.raises(IntegrityError, match="staff_call_one_duty_open"), transaction.atomic():
        call.save(force_insert=True)


def test_the_minutes_are_limits_that_may_be_changed(town):
    policy.change(
        code="visit.duty_ring_minutes", value=1, valid_from=local_day(NOW), legal_ref="test", by=WORKER, now=NOW
    )
    asked(town)
    assert after(1) == [NUMBER]


def test_nothing_is_owed_for_a_call(town):
    asked(town)
    after(2)
    assert [orphan for orphan in orphans(now=NOW + 2 * MINUTE) if orphan.kind == "staff_call"] == []
