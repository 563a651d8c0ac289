"""The only writers of campaigns."""

from datetime import date, datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.states import check_move
from medet.contacts.campaigns.models import Campaign
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState

DAILY = "daily"


@transaction.atomic
def daily_campaign(*, organisation_id: int, on: date, by: Actor, now: datetime) -> Campaign:
    """The campaign of the day's due contacts; made once."""
    campaign, made = Campaign.objects.get_or_create(
        organisation_id=organisation_id, name=DAILY, on=on, defaults={"created_at": now}
    )
    if made:
        journal.append(
            kind="campaign.started", by=by, now=now, object_uid=campaign.uid, organisation_id=organisation_id
        )
    return campaign


@transaction.atomic
def move_campaign(*, campaign_id: int, to: CampaignState, by: Actor, now: datetime) -> Campaign:
    """Pauses, resumes or stops a campaign; the claim reads the state, so no new INVITE follows."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    check_move(CAMPAIGN_LIFE, campaign.state, to, by.roles_at(campaign.organisation_id))
    campaign.state, campaign.moved_at = to, now
    campaign.save(update_fields=["state", "moved_at"])
    journal.append(
        kind="campaign.moved",
        by=by,
        now=now,
        object_uid=campaign.uid,
        organisation_id=campaign.organisation_id,
        code=to,
    )
    return campaign
