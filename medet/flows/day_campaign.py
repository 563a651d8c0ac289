"""The day's own campaign: who must start it knows so by a task, and whoever moves it on closes that task."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.contacts.campaigns.actions import daily_campaign, finish_campaign, move_campaign
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState
from medet.staff.states import Role
from medet.tasks.actions import About, Why, close_task, open_task
from medet.tasks.queries import open_about
from medet.tasks.states import TaskKind, Weight


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
        open_task(
            kind=TaskKind.ROBOT_STOPPED,
            about=About(type=CAMPAIGN_LIFE.name, uid=campaign.uid, organisation_id=campaign.organisation_id),
            role=Role.SUPERVISOR,
            why=Why(code="robot_waits", weight=Weight.AMBER),
            due_at=max(now, _opens(campaign.on, now=now)),
            by=by,
            now=now,
        )
    return campaign


@transaction.atomic
def steer_campaign(*, campaign_id: int, to: CampaignState, by: Actor, now: datetime) -> Campaign:
    """Starts, pauses, resumes or stops a campaign."""
    campaign = move_campaign(campaign_id=campaign_id, to=to, by=by, now=now)
    close_task(about_uid=campaign.uid, outcome=to, by=by, now=now)
    return campaign


@transaction.atomic
def end_campaign(*, campaign_id: int, by: Actor, now: datetime) -> Campaign:
    """Nobody of it is left to be rung, whether it was ever started or not."""
    campaign = finish_campaign(campaign_id=campaign_id, by=by, now=now)
    close_task(about_uid=campaign.uid, outcome=campaign.state, by=by, now=now)
    return campaign


def _opens(on: date, *, now: datetime) -> datetime:
    first: time = policy.local_time("call.hours.start", now=now)
    return datetime.combine(on, first, ZoneInfo(settings.TIME_ZONE))
