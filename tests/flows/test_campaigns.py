"""A supervisor's campaign: whom it rings, what its preset changes, the key that stops every call; nobody is lost."""

from datetime import time, timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import LOCAL, local_day
from medet.base.models import AuditEntry, JournalEntry, PolicyParameter
from medet.contacts.actions import note_contact
from medet.contacts.calls.actions import CallEnd, permit
from medet.contacts.calls.choosing import Wanted, chosen, counted
from medet.contacts.calls.claim import claim
from medet.contacts.calls.progress import progress
from medet.contacts.calls.queries import asked_to_hang_up
from medet.contacts.campaigns.actions import move_campaign, set_preset
from medet.contacts.models import CallAttempt, CallOrder, Campaign, RobotStop
from medet.contacts.states import AttemptOutcome, CampaignState, Channel, ContactOutcome, Preset
from medet.flows import day_campaign as of_the_day
from medet.flows.day_campaign import ask_operators, day_campaign, steer_campaign
from medet.flows.end_call import end_call
from medet.flows.finish_campaigns import finish_campaigns
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.flows.start_campaign import start_campaign
from medet.flows.stop_robot import let_ring, stop_robot
from medet.flows.stopped_calls import hand_stopped
from medet.flows.windows import close_windows
from medet.monitoring.models import DueContact, Enrolment
from medet.people.models import Phone
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from tests import make
from tests.flows.test_day import LEASE, MANNERS, answered_call
from tests.refusing import refused

NOON = make.NOON
CALM = {
    "state": "same",
    "breath": "none",
    "fever": "none",
    "at_home": "yes",
    "medicines": "taking",
    "wants_doctor": "no",
}


def claimed(now=NOON, **limits):
    return claim(limit=50, worker="test", manners=MANNERS.__class__(**vars(MANNERS) | limits), lease=LEASE, now=now)


def done_today(town, *, now=NOON, **person):
    """Somebody whose contact of today was made, so that only a campaign would ring again."""
    enrolment = make.observed(town, make.person(town, now=now, **person), now=now)
    DueContact.objects.filter(enrolment=enrolment).update(state="done")
    CallOrder.objects.filter(enrolment=enrolment).update(state="done")
    return enrolment


def start(town, wanted=None, *, name="Second round", preset=Preset.NORMAL, by="saule", now=NOON):
    return start_campaign(
        organisation_id=town.centre.pk,
        name=name,
        wanted=wanted or Wanted(),
        preset=preset,
        by=town.actor(by),
        now=now,
    )


def stop(town, by="saule"):
    return stop_robot(organisation_id=town.centre.pk, by=town.actor(by), now=NOON)


def lost(now=NOON):
    return [(orphan.kind, orphan.why) for orphan in orphans(now=now)]


def test_a_campaign_rings_once_more_whom_it_was_started_for(town):
    wanted, other = done_today(town, language="kk"), done_today(town, language="ru")
    campaign = start(town, Wanted(language="kk"))
    assert lost() == []
    [one] = claimed()
    assert one.enrolment_id == wanted.pk != other.pk
    assert progress(campaign) | {"ringing": 1, "waiting": 0} == progress(campaign)
    answered_call(one.attempt_id, CALM, enrolment=wanted)
    assert progress(campaign)["done"] == 1
    assert finish_campaigns(by=WORKER, now=NOON)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.started_by) == (CampaignState.FINISHED, town.users["saule"])
    assert lost(NOON + timedelta(minutes=5)) == []


def test_whom_nobody_reached_is_a_task_when_the_window_ends(town):
    done_today(town)
    campaign = start(town, preset=Preset.GENTLE)
    move_campaign(campaign_id=campaign.pk, to=CampaignState.PAUSED, by=town.actor("saule"), now=NOON)
    evening = NOON + timedelta(hours=6, minutes=1)  # gentle calls end at 18:00
    assert claimed(evening) == []
    assert close_windows(by=WORKER, now=evening)
    assert list(Task.objects.filter(state="open").values_list("kind", "reason")) == [("call_by_hand", "not_reached")]
    assert lost(evening + timedelta(minutes=5)) == []


def test_people_of_a_stopped_campaign_are_handed_over(town):
    done_today(town)
    campaign = start(town)
    move_campaign(campaign_id=campaign.pk, to=CampaignState.STOPPED, by=town.actor("saule"), now=NOON)
    assert lost(NOON + timedelta(minutes=2)) == [("due_contact", "no campaign holds it")]
    assert hand_stopped(by=WORKER, now=NOON)
    assert Task.objects.get(state="open").reason == "robot_stopped"
    assert lost(NOON + timedelta(minutes=2)) == []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda who: None, ""),
        (lambda who: Phone.objects.filter(person=who.person).update(state="bad"), "no_phone"),
        (lambda who: DueContact.objects.update(state="planned"), "in_campaign"),
        (lambda who: who.person.__class__.objects.filter(pk=who.person_id).update(birth_date=None), "no_birth_date"),
    ],
)
def test_who_is_left_out_and_why(town, spoil, reason):
    spoil(done_today(town))
    assert counted(chosen(Wanted(), organisation_id=town.centre.pk, now=NOON)) == {reason: 1}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(programme="covid-home"), 1),
        (Wanted(programme="another"), 0),
        (Wanted(district="751310000"), 1),
        (Wanted(district="751110000"), 0),
        (Wanted(language="ru"), 1),
        (Wanted(language="kk"), 0),
        (Wanted(quiet_days=2), 0),
        (Wanted(quiet_days=1), 1),
    ],
)
def test_a_filter_narrows(town, wanted, found):
    who = done_today(town)
    note_contact(
        case=who.case,
        channel=Channel.PHONE,
        outcome=ContactOutcome.WRITTEN,
        language="ru",
        due_contact=None,
        by=town.actor("aigerim"),
        now=NOON - timedelta(hours=25),
    )
    assert chosen(wanted, organisation_id=town.centre.pk, now=NOON).count() == found


def test_the_clinic_of_attachment_narrows(town):
    done_today(town)
    rows = [
        chosen(Wanted(clinic=str(clinic.uid)), organisation_id=town.centre.pk, now=NOON).count()
        for clinic in (town.other_clinic, town.clinic)
    ]
    assert rows == [1, 0]


def test_a_campaign_uses_its_share_of_the_lines(town):
    for _ in range(4):
        done_today(town)
    start(town, preset=Preset.GENTLE)
    assert len(claimed(lines=10)) == 3
    assert claimed(lines=10) == []


def test_urgent_comes_first_and_gentle_tries_less(town):
    gentle, urgent = done_today(town, language="kk"), done_today(town, language="ru")
    first = start(town, Wanted(language="kk"), preset=Preset.GENTLE)
    start(town, Wanted(language="ru"), name="Now", preset=Preset.URGENT)
    assert claim(limit=1, worker="t", manners=MANNERS, lease=LEASE, now=NOON)[0].enrolment_id == urgent.pk
    for at in (NOON, NOON + timedelta(hours=5)):
        [one] = [call for call in claimed(at) if call.enrolment_id == gentle.pk]
        assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=at)
        end_call(attempt_id=one.attempt_id, end=CallEnd(outcome=AttemptOutcome.NO_ANSWER), by=WORKER, now=at)
        CallOrder.objects.filter(state="waiting").update(next_attempt_at=at)
        assert not [call for call in claimed(at + timedelta(minutes=200)) if call.enrolment_id == gentle.pk]
    assert CallOrder.objects.get(campaign=first).state == "exhausted"


def test_a_preset_cannot_loosen_the_law(town):
    make.observed(town)
    set_preset(campaign_id=Campaign.objects.get().pk, preset=Preset.URGENT, by=town.actor("saule"), now=NOON)
    assert claimed(NOON - timedelta(hours=3, minutes=6)) == []  # 08:54
    assert claimed(quiet_end=time(11)) == []
    assert len(claimed()) == 1


def test_the_key_stops_every_claim_and_every_permit(town):
    make.observed(town)
    make.observed(town)
    [one] = claim(limit=1, worker="t", manners=MANNERS, lease=LEASE, now=NOON)
    stop(town)
    assert claimed() == []
    assert not permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOON)
    assert [task.kind for task in Task.objects.filter(state="open")] == ["robot_stopped"]
    assert lost() == []


def test_a_ring_is_taken_back_and_a_talk_is_heard_to_its_end(town):
    make.observed(town)
    make.observed(town)
    ringing, talking = (one.attempt_id for one in claimed())
    for attempt_id in (ringing, talking):
        assert permit(attempt_id=attempt_id, lease=LEASE, caller_id="", trunk="", now=NOON)
    CallAttempt.objects.filter(pk=talking).update(state="answered")
    assert asked_to_hang_up([ringing, talking]) == []
    stop(town)
    assert asked_to_hang_up([ringing, talking]) == [ringing]


def test_the_robot_rings_again_with_a_reason_only(town):
    make.observed(town)
    standing = stop(town, by="aigerim")
    assert stop(town).pk == standing.pk
    with refused("robot.no_reason"):
        let_ring(stop=standing, why=" ", by=town.actor("saule"), now=NOON)
    with refused("move.not_yours"):
        let_ring(stop=standing, why="mended", by=town.actor("aigerim"), now=NOON)
    let_ring(stop=standing, why="the recording is mended", by=town.actor("saule"), now=NOON)
    assert len(claimed()) == 1
    assert not Task.objects.filter(state="open").exists()
    rows = JournalEntry.objects.filter(object_uid=standing.uid, kind__startswith="robot_stop").order_by("pk")
    aigerim, saule = town.users["aigerim"].pk, town.users["saule"].pk
    assert list(rows.values_list("kind", "by_user_id")) == [
        ("robot_stop.raised", aigerim),
        ("robot_stop.lifted", saule),
    ]
    assert AuditEntry.objects.filter(object_uid=standing.uid, by_user_id__in=(aigerim, saule)).count() == 2


def test_a_stop_is_one_organisations(town):
    make.observed(town)
    other = make.organisation("Other centre", "telemedicine_centre", town.centre.region)
    RobotStop.objects.create(organisation=other, stopped_at=NOON)
    assert len(claimed()) == 1


def test_a_campaign_that_cannot_start(town):
    make.observed(town)
    with refused("campaign.nobody"):
        start(town)  # everybody is rung today already
    done_today(town)
    with refused("move.not_yours"):
        start(town, by="serik")
    with refused("campaign.too_late"):
        start(town, now=NOON + timedelta(hours=9))
    start(town)
    with refused("campaign.same_name"):
        start(town)
    stop(town)
    with refused("robot.stopped"):
        start(town, name="Third")


@pytest.fixture
def by_hand(db):
    """A centre that wants its robot started by a person."""
    PolicyParameter.objects.filter(code="campaign.starts_by_itself").update(value=False)


@pytest.mark.usefixtures("by_hand")
def test_the_days_calls_wait_for_the_supervisors_key(town):
    make.observed(town)
    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.WAITING
    assert claimed() == []
    task = Task.objects.get(about_uid=campaign.uid)
    assert (task.role, task.reason, task.due_at) == ("supervisor", "robot_waits", NOON)
    assert list(orphans(now=NOON)) == []
    saule = town.actor("saule")
    steer_campaign(campaign_id=campaign.pk, to=CampaignState.RUNNING, by=saule, now=NOON)
    assert len(claimed()) == 1
    task.refresh_from_db()
    assert (task.state, task.closed_by) == ("done", town.users["saule"])
    assert AuditEntry.objects.filter(object_uid=campaign.uid, by_user_id=saule.user_id).count() == 1


@pytest.mark.usefixtures("by_hand")
def test_whoever_starts_it_while_the_day_is_planned_is_not_asked_to_start_it(town, monkeypatch):
    make.observed(town)
    saule, real = town.actor("saule"), of_the_day.daily_campaign

    def overtaken(**more):
        """The planner has read it, and the supervisor presses the key."""
        campaign = real(**more)
        assert campaign.state == CampaignState.WAITING
        steer_campaign(campaign_id=campaign.pk, to=CampaignState.RUNNING, by=saule, now=NOON)
        return campaign

    monkeypatch.setattr(of_the_day, "daily_campaign", overtaken)
    planned = day_campaign(organisation_id=town.centre.pk, on=local_day(NOON), by=WORKER, now=NOON, name="daily")
    assert planned.state == CampaignState.RUNNING
    assert not Task.objects.filter(state="open").exists()
    assert list(orphans(now=NOON)) == []


DAY = timedelta(days=1)
OPENS = NOON + timedelta(hours=21)  # 09:00 of the next day
HALF_PAST_NINE, EVENING = OPENS + timedelta(minutes=30), OPENS + timedelta(hours=12)


def planned_morning(town, on=OPENS):
    """Two people whose calls of that day are planned, and nobody presses the key."""
    if not Campaign.objects.exists():
        done_today(town)
        done_today(town)
        Campaign.objects.all().update(state=CampaignState.RUNNING)
        Task.objects.all().delete()
    plan_day(day=local_day(on), by=WORKER, now=on)
    return Campaign.objects.get(on=local_day(on))


@pytest.mark.usefixtures("by_hand")
def test_operators_hear_of_calls_that_no_supervisor_starts(town):
    campaign = planned_morning(town)
    assert not ask_operators(by=WORKER, now=HALF_PAST_NINE - timedelta(minutes=1))
    assert ask_operators(by=WORKER, now=HALF_PAST_NINE)
    assert not ask_operators(by=WORKER, now=HALF_PAST_NINE)
    planned_morning(town, HALF_PAST_NINE)
    [task] = Task.objects.filter(about_uid=campaign.uid, state="open")
    assert (task.role, task.reason) == ("operator", "robot_not_started_yet")
    for name, role in (("aigerim", "operator"), ("saule", "supervisor")):
        assert task in worklist(town.actor(name, now=OPENS), roles=frozenset({role})), name
    assert list(orphans(now=HALF_PAST_NINE)) == []
    aigerim = town.actor("aigerim", now=OPENS)
    steer_campaign(campaign_id=campaign.pk, to=CampaignState.RUNNING, by=aigerim, now=HALF_PAST_NINE)
    assert not Task.objects.filter(about_uid=campaign.uid, state="open").exists()
    assert len(claimed(HALF_PAST_NINE)) == 2


@pytest.mark.usefixtures("by_hand")
def test_nobody_is_asked_to_start_calls_whose_hours_are_over_or_that_run(town):
    campaign, saule = planned_morning(town), town.actor("saule", now=OPENS)
    assert not ask_operators(by=WORKER, now=EVENING)
    steer_campaign(campaign_id=campaign.pk, to=CampaignState.RUNNING, by=saule, now=OPENS)
    assert not ask_operators(by=WORKER, now=HALF_PAST_NINE)


@pytest.mark.usefixtures("by_hand")
def test_who_was_not_rung_because_nobody_started_the_robot_is_told_so(town):
    """Due the next morning, as nobody is to be woken; the robot's call of that day settles both days."""
    campaign = planned_morning(town)
    assert close_windows(by=WORKER, now=EVENING)
    handed = Task.objects.filter(about_type="due_contact")
    assert list(handed.values_list("reason", "due_at")) == [("robot_not_started", OPENS + DAY + timedelta(hours=4))] * 2
    assert not climb_overdue(by=WORKER, now=EVENING + timedelta(hours=11))
    tomorrow, saule = planned_morning(town, OPENS + DAY), town.actor("saule", now=OPENS + DAY)
    steer_campaign(campaign_id=tomorrow.pk, to=CampaignState.RUNNING, by=saule, now=OPENS + DAY)
    for call in claimed(OPENS + DAY):
        enrolment = Enrolment.objects.get(pk=call.enrolment_id)
        answered_call(call.attempt_id, CALM, enrolment=enrolment, now=OPENS + DAY)
    assert not handed.filter(state="open").exists()
    finish_campaigns(by=WORKER, now=OPENS + DAY)
    assert Task.objects.filter(about_uid=campaign.uid).values_list("state", "outcome").get() == (
        "cancelled",
        "not_started",
    )


@pytest.mark.usefixtures("by_hand")
def test_a_campaign_nobody_started_ends_with_its_day_and_its_people_are_asked_by_people(town):
    enrolment = make.observed(town)
    evening = NOON.replace(hour=17)  # 22:00 in Almaty
    close_windows(by=WORKER, now=evening)
    assert Task.objects.filter(about_uid=DueContact.objects.get(enrolment=enrolment).uid, state="open").exists()
    finish_campaigns(by=WORKER, now=NOON + timedelta(days=1))
    assert Campaign.objects.get().state == CampaignState.FINISHED
    assert not Task.objects.filter(about_uid=Campaign.objects.get().uid, state="open").exists()


def test_tomorrows_task_is_due_when_the_first_call_is(town, by_hand):
    campaign = day_campaign(
        organisation_id=town.centre.pk, on=NOON.date() + timedelta(days=1), by=WORKER, now=NOON, name="daily"
    )
    due = Task.objects.get(about_uid=campaign.uid).due_at.astimezone(LOCAL)
    assert (due.date(), due.time()) == (campaign.on, time(9))
