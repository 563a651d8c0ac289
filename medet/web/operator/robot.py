"""Today's robot calls: whether they go on, and the switch."""

from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.states import possible
from medet.contacts.campaigns.actions import DAILY
from medet.contacts.campaigns.models import Campaign
from medet.contacts.campaigns.queries import stop_stands
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState
from medet.web.parts.shapes import Action, Pill, Tone

PILLS: dict[CampaignState, tuple[Tone, str]] = {
    CampaignState.WAITING: ("amber", "clock"),
    CampaignState.RUNNING: ("green", "robot"),
    CampaignState.PAUSED: ("amber", "clock"),
    CampaignState.STOPPED: ("grey", "phone-off"),
    CampaignState.FINISHED: ("brand", "circle-check"),
}
MOVES = {
    "pause": CampaignState.PAUSED,
    "resume": CampaignState.RUNNING,
    "start": CampaignState.RUNNING,
    "stop": CampaignState.STOPPED,
}


def campaign_of(actor: Actor, *, now: datetime) -> Campaign | None:
    """The campaign of the day at the reader's centre."""
    rows = Campaign.objects.filter(organisation_id__in=actor.organisation_ids, name=DAILY, on=local_day(now))
    return rows.order_by("pk").first()


def target(move: str) -> CampaignState:
    """What a button asks for."""
    if move not in MOVES:
        raise Http404
    return MOVES[move]


def pill(campaign: Campaign) -> Pill:
    """Its state as icon, word and colour; a stop of every call comes before it."""
    if stop_stands(campaign.organisation_id):
        return Pill("red", "phone-off", _("Every robot call is stopped"))
    words = {
        CampaignState.WAITING: _("Robot waits to be started"),
        CampaignState.RUNNING: _("Robot is calling"),
        CampaignState.PAUSED: _("Robot is paused"),
        CampaignState.STOPPED: _("Robot is stopped"),
        CampaignState.FINISHED: _("Robot is done"),
    }
    tone, icon = PILLS[CampaignState(campaign.state)]
    return Pill(tone, icon, words[CampaignState(campaign.state)])


def actions(campaign: Campaign, by: Actor) -> list[Action]:
    """What the reader may do with it."""
    on = ("start", _("Start the calls")) if campaign.state == CampaignState.WAITING else ("resume", _("Go on calling"))
    url, may = reverse("operator:robot"), possible(CAMPAIGN_LIFE, campaign.state, by.roles_at(campaign.organisation_id))
    offered = (
        Action("pause", _("Pause the calls"), url, "clock"),
        Action(*on, url, "robot", "go"),
        Action("stop", _("Stop for today"), url, "phone-off", "danger"),
    )
    return [action for action in offered if MOVES[action.code] in may]
