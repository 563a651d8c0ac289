"""The only writers of campaigns, of the stop, and of saved filters."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from medet.base import audit, journal, policy
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.base.states import NEW, check_move
from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.campaigns.presets import settings_of
from medet.contacts.states import CAMPAIGN_LIFE, RINGS_OR_WILL, STOP_LIFE, CampaignState, Preset, StopState

DAILY = "daily"


@transaction.atomic
def daily_campaign(*, organisation_id: int, on: date, by: Actor, now: datetime, name: str = DAILY) -> Campaign:
    """The campaign of the day's due contacts; made once. `name`: of one beside it, when the day's own is finished.

    It rings by itself, or waits for the supervisor's key where the centre wants it so.
    """
    by_itself = policy.value("campaign.starts_by_itself", now=now)
    state = CampaignState.RUNNING if by_itself else CampaignState.WAITING
    campaign, made = Campaign.objects.get_or_create(
        organisation_id=organisation_id,
        name=name,
        on=on,
        defaults={"created_at": now, "state": state, **asdict(settings_of(Preset.NORMAL, now=now))},
    )
    if made:
        _note("campaign.started" if by_itself else "campaign.planned", campaign, by=by, now=now)
    return campaign


@transaction.atomic
def open_campaign(
    *, organisation_id: int, name: str, on: date, wanted: Mapping[str, Any], preset: Preset, by: Actor, now: datetime
) -> Campaign:
    """A campaign a supervisor asks for; its people are added by the flow that starts it."""
    check_move(CAMPAIGN_LIFE, NEW, CampaignState.RUNNING, by.roles_at(organisation_id))
    campaign, made = Campaign.objects.get_or_create(
        organisation_id=organisation_id,
        name=name,
        on=on,
        defaults={
            "created_at": now,
            "started_by_id": by.user_id,
            "wanted": dict(wanted),
            "preset": preset,
            **asdict(settings_of(preset, now=now)),
        },
    )
    if not made:
        raise Refused("campaign.same_name")
    _note("campaign.started", campaign, by=by, now=now, preset=preset.value)
    return campaign


@transaction.atomic
def move_campaign(*, campaign_id: int, to: CampaignState, by: Actor, now: datetime) -> Campaign:
    """Starts, pauses, resumes, stops or finishes a campaign; the claim reads the state, so no new INVITE follows."""
    campaign = _locked(campaign_id)
    check_move(CAMPAIGN_LIFE, campaign.state, to, by.roles_at(campaign.organisation_id))
    campaign.state, campaign.moved_at, campaign.moved_by_id = to, now, by.user_id
    campaign.save(update_fields=["state", "moved_at", "moved_by"])
    _note("campaign.moved", campaign, by=by, now=now, code=to)
    return campaign


@transaction.atomic
def finish_campaign(*, campaign_id: int, by: Actor, now: datetime) -> Campaign:
    """Nobody of it is left to be rung."""
    return move_campaign(campaign_id=campaign_id, to=CampaignState.FINISHED, by=by, now=now)


@transaction.atomic
def set_preset(*, campaign_id: int, preset: Preset, by: Actor, now: datetime) -> Campaign:
    """Another way of ringing from the next claim on."""
    campaign = _locked(campaign_id)
    # Who may pause it may change how it rings; one that rings no more has nothing to set.
    check_move(CAMPAIGN_LIFE, CampaignState.RUNNING, CampaignState.PAUSED, by.roles_at(campaign.organisation_id))
    if campaign.state not in RINGS_OR_WILL:
        raise Refused("campaign.over")
    before, campaign.preset = campaign.preset, preset
    for name, value in asdict(settings_of(preset, now=now)).items():
        setattr(campaign, name, value)
    campaign.save()
    _note("campaign.set", campaign, by=by, now=now, code=preset, before=before)
    return campaign


@transaction.atomic
def raise_stop(*, organisation_id: int, by: Actor, now: datetime) -> tuple[RobotStop, bool]:
    """Holds back every robot call from this commit on; whether it is a new stop. Kept short: somebody is waiting."""
    check_move(STOP_LIFE, NEW, StopState.STANDS, by.roles_at(organisation_id))
    stop, made = RobotStop.objects.get_or_create(
        organisation_id=organisation_id,
        state=StopState.STANDS,
        defaults={"stopped_at": now, "stopped_by_id": by.user_id},
    )
    if made:
        _note("robot_stop.raised", stop, by=by, now=now)
    return stop, made


@transaction.atomic
def lift_stop(*, stop_id: int, why: str, by: Actor, now: datetime) -> RobotStop:
    """The robot may ring again, and the reason says why."""
    stop = RobotStop.objects.select_for_update(no_key=True).get(pk=stop_id)
    check_move(STOP_LIFE, stop.state, StopState.LIFTED, by.roles_at(stop.organisation_id))
    if not why.strip():
        raise Refused("robot.no_reason")
    stop.state, stop.lifted_at, stop.lifted_by_id, stop.why = StopState.LIFTED, now, by.user_id, why.strip()
    stop.save(update_fields=["state", "lifted_at", "lifted_by", "why"])
    _note("robot_stop.lifted", stop, by=by, now=now)
    return stop


@transaction.atomic
def keep_filter(
    *, organisation_id: int, name: str, wanted: Mapping[str, Any], by: Actor, now: datetime
) -> CampaignFilter:
    """Keeps whom to ring under a name; the same name again means these people from now on."""
    check_move(CAMPAIGN_LIFE, NEW, CampaignState.RUNNING, by.roles_at(organisation_id))
    kept, _made = CampaignFilter.objects.update_or_create(
        organisation_id=organisation_id,
        name=name,
        defaults={"wanted": dict(wanted), "kept_by_id": by.user_id, "kept_at": now},
    )
    _note("campaign_filter.kept", kept, by=by, now=now)
    return kept


def _locked(campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def _note(
    kind: str,
    row: Campaign | RobotStop | CampaignFilter,
    *,
    by: Actor,
    now: datetime,
    code: str = "",
    **values: object,
) -> None:
    """In the journal and in the audit: somebody answers for every start, pause and stop by name."""
    journal.append(
        kind=kind,
        by=by,
        now=now,
        object_uid=row.uid,
        organisation_id=row.organisation_id,
        code=code,
        values=values,
    )
    audit.record(
        by=by,
        now=now,
        action="change",
        object_uid=row.uid,
        organisation_id=row.organisation_id,
        what=kind,
        to=str(code),
    )
