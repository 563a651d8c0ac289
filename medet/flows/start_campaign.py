"""A supervisor starts a campaign for people of their choice: each gets one more contact, held by the campaign."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.base.clock import LOCAL, local_day
from medet.base.refused import Refused
from medet.contacts.calls.actions import order_calls
from medet.contacts.calls.choosing import RUNG, Wanted, chosen
from medet.contacts.campaigns.actions import open_campaign
from medet.contacts.campaigns.models import Campaign
from medet.contacts.campaigns.presets import law, settings_of
from medet.contacts.campaigns.queries import stop_stands
from medet.contacts.states import Preset
from medet.monitoring.planning import plan_extra
from medet.monitoring.states import DueKind


@transaction.atomic
def start_campaign(
    *, organisation_id: int, name: str, wanted: Wanted, preset: Preset, by: Actor, now: datetime
) -> Campaign:
    """Rings them from now until the preset's hours end; whom nobody reaches by then is a task."""
    day = local_day(now)
    campaign = open_campaign(
        organisation_id=organisation_id, name=name, on=day, wanted=wanted.as_json(), preset=preset, by=by, now=now
    )
    if stop_stands(organisation_id):
        raise Refused("robot.stopped")
    until = closes_at(preset, now=now)
    if until <= now:
        raise Refused("campaign.too_late")
    people = chosen(wanted, organisation_id=organisation_id, now=now).filter(left_out=RUNG)
    plan_extra(enrolments=list(people.values_list("pk", flat=True)), day=day, since=now, until=until)
    if not order_calls(campaign=campaign, kind=DueKind.EXTRA):
        raise Refused("campaign.nobody")
    return campaign


def closes_at(preset: Preset, *, now: datetime) -> datetime:
    """When today's hours of a preset end, within the law's."""
    limits, wished = law(now), settings_of(preset, now=now).hours_end
    end = min(wished or limits.hours_end, limits.hours_end)
    return datetime.combine(local_day(now), end, LOCAL)
