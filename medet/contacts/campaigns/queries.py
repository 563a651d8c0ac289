"""Campaigns of a day, saved filters, and whether the robot is stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from medet.base.models import JournalEntry
from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.states import CampaignState, StopState
from medet.staff.models import User


def stop_stands(organisation_id: int) -> bool:
    """Whether every robot call of an organisation is held back."""
    return RobotStop.objects.filter(organisation_id=organisation_id, state=StopState.STANDS).exists()


def standing_stops(organisation_ids: Iterable[int]) -> list[RobotStop]:
    """The stops that hold now, one a centre at most, with who pressed the key."""
    rows = RobotStop.objects.filter(organisation_id__in=list(organisation_ids), state=StopState.STANDS)
    return list(rows.select_related("organisation", "stopped_by").order_by("stopped_at", "organisation_id"))


def campaigns_of(organisation_ids: Iterable[int], *, on: date) -> QuerySet[Campaign]:
    """A day's campaigns, the daily one first."""
    rows = Campaign.objects.filter(organisation_id__in=list(organisation_ids), on=on)
    return rows.select_related("started_by", "moved_by").order_by("pk")


@dataclass(frozen=True)
class Start:
    """When a campaign began to ring, and by whom; nobody: the day's plan."""

    at: datetime
    by: User | None


def start_of(campaign: Campaign) -> Start | None:
    """One that was planned to wait began when somebody pressed the key, which the journal keeps; None: nobody did."""
    told = JournalEntry.objects.filter(object_uid=campaign.uid, at__gte=campaign.created_at)
    if not told.filter(kind="campaign.planned").exists():
        return Start(campaign.created_at, campaign.started_by)
    pressed = told.filter(kind="campaign.moved", code=CampaignState.RUNNING).order_by("at", "pk").first()
    return Start(pressed.at, User.objects.filter(pk=pressed.by_user_id or 0).first()) if pressed else None


def filters_of(organisation_ids: Iterable[int]) -> QuerySet[CampaignFilter]:
    """Saved filters by name."""
    return CampaignFilter.objects.filter(organisation_id__in=list(organisation_ids)).order_by("name", "pk")
