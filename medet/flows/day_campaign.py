"""The day's own campaign: who must start it knows so by a task, and whoever moves it on closes that task."""

from datetime import date, datetime, timedelta

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.clock import LOCAL, local_day
from medet.contacts.campaigns.actions import daily_campaign, finish_campaign, move_campaign
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState
from medet.staff.states import Role
from medet.tasks.actions import About, Why, climb, close_task, open_task
from medet.tasks.models import Task
from medet.tasks.queries import open_about, overdue
from medet.tasks.states import TaskKind, TaskState, Weight

PATIENCE = timedelta(minutes=30)


@transaction.atomic
def day_campaign(*, organisation_id: int, on: date, by: Actor, now: datetime, name: str) -> Campaign:
    """Made once; while it waits to be started, a supervisor has a task that is due when the first call is."""
    campaign = daily_campaign(organisation_id=organisation_id, on=on, by=by, now=now, name=name)
    if campaign.state == CampaignState.WAITING and not open_about([campaign.uid]):
        campaign = _ask_to_start(campaign, by=by, now=now)
    return campaign


def _ask_to_start(read: Campaign, *, by: Actor, now: datetime) -> Campaign:
    """Whoever starts it at this moment has closed the task, or finds it: the campaign is looked at again, locked."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=read.pk)
    if campaign.state == CampaignState.WAITING:
        opens = _hour(campaign.on, "call.hours.start", now=now)
        _ask(campaign, Role.SUPERVISOR, "robot_waits", due_at=max(now, opens), by=by, now=now)
    return campaign


@transaction.atomic
def ask_operators(*, by: Actor, now: datetime) -> bool:
    """The first call is late and no supervisor came: operators may start them too, and hear of it while there is time.
    True when there was work."""
    if now >= _hour(local_day(now), "call.hours.end", now=now):
        return False
    late = overdue(now - PATIENCE).filter(about_type=CAMPAIGN_LIFE.name, role=Role.SUPERVISOR)
    uids = list(late.values_list("about_uid", flat=True))
    waiting = Campaign.objects.filter(uid__in=uids, state=CampaignState.WAITING).order_by("pk")
    campaigns = list(waiting.select_for_update(skip_locked=True, no_key=True))
    for campaign in campaigns:
        outcome = "operators"
        close_task(about_uid=campaign.uid, outcome=outcome, by=by, now=now, state=TaskState.HANDED_ON)
        task = _ask(campaign, Role.OPERATOR, "robot_not_started_yet", due_at=now, by=by, now=now)
        # On the next rung at once: the supervisor still sees it.
        climb(task_id=task.pk, wait=PATIENCE, by=by, now=now)
    return bool(campaigns)


def _ask(campaign: Campaign, role: Role, code: str, *, due_at: datetime, by: Actor, now: datetime) -> Task:
    return open_task(
        kind=TaskKind.ROBOT_STOPPED,
        about=About(type=CAMPAIGN_LIFE.name, uid=campaign.uid, organisation_id=campaign.organisation_id),
        role=role,
        why=Why(code=code, weight=Weight.AMBER),
        due_at=due_at,
        by=by,
        now=now,
    )


@transaction.atomic
def steer_campaign(*, campaign_id: int, to: CampaignState, by: Actor, now: datetime) -> Campaign:
    """Starts, pauses, resumes or stops a campaign."""
    campaign = move_campaign(campaign_id=campaign_id, to=to, by=by, now=now)
    close_task(about_uid=campaign.uid, outcome=to, by=by, now=now)
    return campaign


@transaction.atomic
def end_campaign(*, campaign_id: int, by: Actor, now: datetime) -> Campaign:
    """Nobody of it is left to be rung; who was to start it and did not has not done so by its end."""
    was = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id).state
    campaign = finish_campaign(campaign_id=campaign_id, by=by, now=now)
    if was == CampaignState.WAITING:
        close_task(about_uid=campaign.uid, outcome="not_started", by=by, now=now, state=TaskState.CANCELLED)
    else:
        close_task(about_uid=campaign.uid, outcome=campaign.state, by=by, now=now)
    return campaign


def _hour(on: date, code: str, *, now: datetime) -> datetime:
    return datetime.combine(on, policy.local_time(code, now=now), LOCAL)
