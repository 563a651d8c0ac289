"""Today's robot calls: whether they go on, the switch, and the stop of every call, which a supervisor lifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.states import possible
from medet.contacts.campaigns.actions import DAILY
from medet.contacts.campaigns.models import Campaign, RobotStop
from medet.contacts.campaigns.queries import standing_stops
from medet.contacts.states import CAMPAIGN_LIFE, CampaignState
from medet.web.parts.shapes import Action, Pill, Tone
from medet.web.parts.stopping import KEY, stop_action, stop_words

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
    return rows.select_related("organisation").order_by("pk").first()


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


def menu(by: Actor, *, now: datetime, switch: bool = True) -> Menu:
    """There also on a day without the daily campaign: others may be ringing. The key is there while the robot of any
    of one's centres may ring. `switch`: with what leaves the page."""
    campaign, places = campaign_of(by, now=now), len(by.organisation_ids)
    stops = standing_stops(by.organisation_ids)
    return Menu(
        pill=_pill(campaign, stops),
        words=_stopped(stops, places, now=now) if stops else _switched(campaign, places) if switch else "",
        actions=_actions(campaign, by) if campaign and switch else [],
        stop=stop_action(reverse("operator:robot")) if len(stops) < places else None,
    )


def _pill(campaign: Campaign | None, stops: Sequence[RobotStop]) -> Pill:
    """Its state as icon, word and colour; a stop of every call comes before it, of whichever centre."""
    if stops:
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


def _stopped(stops: Sequence[RobotStop], places: int, *, now: datetime) -> str:
    every = _("Every robot call is stopped.") if len(stops) == places else ""
    who = stop_words(stops, places=places, now=now)
    return f"{every} {who} {_('A supervisor lets the robot ring again.')}".strip()


def _switched(campaign: Campaign | None, places: int) -> str:
    """Of the one centre whose calls the switch is about."""
    if campaign is None:
        words = _("The calls of the day are not planned yet. %(key)s stops also those of other campaigns.")
        return words % {"key": KEY}
    words = _(
        "A pause can be taken back. After a stop the robot rings nobody today; contacts that were due come to the"
        " operators."
    )
    return f"{campaign.organisation.name}: {words}" if places > 1 else words


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
