"""Today's robot calls: whether they go on, the switch, and the stop of every call, which a supervisor lifts."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import wording
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.states import possible
from medet.contacts.campaigns.actions import DAILY
from medet.contacts.campaigns.models import Campaign, RobotStop
from medet.contacts.campaigns.queries import standing_stop
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState
from medet.web.parts.shapes import Action, Pill, Tone

PILLS: dict[CampaignState, tuple[Tone, str]] = {
    CampaignState.WAITING: ("amber", "clock"),
    CampaignState.RUNNING: ("green", "robot"),
    CampaignState.PAUSED: ("amber", "clock"),
    CampaignState.STOPPED: ("grey", "phone-off"),
    CampaignState.FINISHED: ("brand", "circle-check"),
}
STOP_ALL = "stop_all"
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


@dataclass(frozen=True)
class Menu:
    """The robot in the bar of the desk: its state, what is said of it, today's switch, the key that stops it all."""

    pill: Pill
    words: str
    actions: list[Action]
    stop: Action | None


def menu(by: Actor, *, now: datetime) -> Menu:
    """There also on a day without the daily campaign: others may be ringing."""
    campaign = campaign_of(by, now=now)
    stop = standing_stop([place_of(by, campaign)])
    url = reverse("operator:robot")
    return Menu(
        pill=_pill(campaign, stop),
        words=_stopped(stop, now=now) if stop else _switched(campaign),
        actions=_actions(campaign, by) if campaign else [],
        stop=None if stop else Action(STOP_ALL, _("Stop every robot call"), url, "phone-off", "stop", "F8"),
    )


def place_of(by: Actor, campaign: Campaign | None) -> int:
    """Whose robot the menu is about."""
    return campaign.organisation_id if campaign else by.organisation_ids[0]


def _pill(campaign: Campaign | None, stop: RobotStop | None) -> Pill:
    """Its state as icon, word and colour; a stop of every call comes before it."""
    if stop:
        return Pill("red", "phone-off", _("Robot is stopped"))
    if campaign is None:
        return Pill("grey", "robot", _("No daily calls yet"))
    words = {
        CampaignState.WAITING: _("Robot waits to be started"),
        CampaignState.RUNNING: _("Robot is calling"),
        CampaignState.PAUSED: _("Robot is paused"),
        CampaignState.STOPPED: _("Robot is stopped"),
        CampaignState.FINISHED: _("Robot is done"),
    }
    tone, icon = PILLS[CampaignState(campaign.state)]
    return Pill(tone, icon, words[CampaignState(campaign.state)])


def _stopped(stop: RobotStop, *, now: datetime) -> str:
    names = {"name": stop.stopped_by, "time": wording.near(stop.stopped_at, now=now)}
    who = _("Stopped by %(name)s, %(time)s.") % names
    return f"{_('Every robot call is stopped.')} {who} {_('A supervisor lets the robot ring again.')}"


def _switched(campaign: Campaign | None) -> str:
    if campaign is None:
        return _("The calls of the day are not planned yet. F8 stops also those of other campaigns.")
    return _(
        "A pause can be taken back. After a stop the robot rings nobody today; contacts that were due come to the"
        " operators."
    )


def _actions(campaign: Campaign, by: Actor) -> list[Action]:
    """What the reader may do with it."""
    on = ("start", _("Start the calls")) if campaign.state == CampaignState.WAITING else ("resume", _("Go on calling"))
    url, may = reverse("operator:robot"), possible(CAMPAIGN_LIFE, campaign.state, by.roles_at(campaign.organisation_id))
    offered = (
        Action("pause", _("Pause the calls"), url, "clock"),
        Action(*on, url, "robot", "go"),
        Action("stop", _("Stop for today"), url, "phone-off", "danger"),
    )
    return [action for action in offered if MOVES[action.code] in may]
