"""Campaigns of a day, saved filters, and whether the robot is stopped."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.states import StopState


def stop_stands(organisation_id: int) -> bool:
    """Whether every robot call of an organisation is held back."""
    return RobotStop.objects.filter(organisation_id=organisation_id, state=StopState.STANDS).exists()


def standing_stop(organisation_ids: Iterable[int]) -> RobotStop | None:
    """The stop that holds now, with who pressed the key."""
    rows = RobotStop.objects.filter(organisation_id__in=list(organisation_ids), state=StopState.STANDS)
    return rows.select_related("stopped_by").order_by("stopped_at").first()


def campaigns_of(organisation_ids: Iterable[int], *, on: date) -> QuerySet[Campaign]:
    """A day's campaigns, the daily one first."""
    rows = Campaign.objects.filter(organisation_id__in=list(organisation_ids), on=on)
    return rows.select_related("started_by", "moved_by").order_by("pk")


def filters_of(organisation_ids: Iterable[int]) -> QuerySet[CampaignFilter]:
    """Saved filters by name."""
    return CampaignFilter.objects.filter(organisation_id__in=list(organisation_ids)).order_by("name", "pk")
