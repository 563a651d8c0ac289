"""Campaigns and the people in them as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from medet.base import wording
from medet.base.actor import Actor
from medet.base.states import possible
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.calls.progress import PARTS, last_attempts, progress
from medet.contacts.campaigns.actions import DAILY
from medet.contacts.campaigns.models import Campaign
from medet.contacts.campaigns.queries import start_of
from medet.contacts.states import CAMPAIGN_LIFE, AttemptOutcome, CampaignState, ContactOutcome
from medet.monitoring.queries import programmes
from medet.monitoring.states import DueKind
from medet.tasks.models import Task
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import WORDS
from medet.web.parts.shapes import Action, Pill, Tab, Tone

ALL = "all"
STATES: dict[str, tuple[Tone, str]] = {
    CampaignState.WAITING: ("amber", "clock"),
    CampaignState.RUNNING: ("green", "robot"),
    CampaignState.PAUSED: ("amber", "clock"),
    CampaignState.STOPPED: ("grey", "phone-off"),
    CampaignState.FINISHED: ("brand", "circle-check"),
}
# Part of a campaign -> how a person in it is marked; the words are also those of the tabs.
PART_WORDS = {
    "talking": pgettext_lazy("call", "Talking"),
    "ringing": pgettext_lazy("call", "Ringing"),
    "waiting": gettext_lazy("Not rung yet"),
    "again": gettext_lazy("To be rung again"),
    "done": pgettext_lazy("calls", "Done"),
    "handed": gettext_lazy("Given to a person"),
    "stopped": gettext_lazy("Taken out"),
}
MARKS: dict[str, tuple[Tone, str]] = {
    "talking": ("green", "message"),
    "ringing": ("brand", "phone"),
    "waiting": ("grey", "circle"),
    "again": ("amber", "refresh"),
    "done": ("green", "circle-check"),
    "handed": ("amber", "user"),
    "stopped": ("grey", "ban"),
}


@dataclass(frozen=True)
class CampaignCard:
    """One campaign of the day: its state, how far it is, and what may be done with it."""

    uid: str
    url: str
    name: str
    state: Pill
    who: str
    people: int
    ended: int
    parts: Sequence[tuple[str, int]]
    actions: Sequence[Action]
    current: bool


@dataclass(frozen=True)
class CallRow:
    """One person of a campaign."""

    uid: str
    url: str
    name: str
    age: str
    reason: str
    state: Pill
    last: str
    when: str


def name_of(campaign: Campaign) -> str:
    """The day's own campaign has no name of its own."""
    return _("Daily contacts") if campaign.name == DAILY else campaign.name


def address_of(campaign: Campaign, **more: str) -> str:
    """The page with this campaign open."""
    given = {"campaign": str(campaign.uid)} | {name: value for name, value in more.items() if value}
    return f"{reverse('centre:robot')}?{urlencode(given)}"


def card(campaign: Campaign, by: Actor, *, now: datetime, current: bool) -> CampaignCard:
    """With its figures counted now."""
    counts = progress(campaign)
    tone, icon = STATES[CampaignState(campaign.state)]
    return CampaignCard(
        uid=str(campaign.uid),
        url=address_of(campaign),
        name=name_of(campaign),
        state=Pill(tone, icon, str(CampaignState(campaign.state).label)),
        who=_who(campaign, now=now),
        people=sum(counts.values()),
        ended=counts["done"] + counts["handed"] + counts["stopped"],
        parts=[(str(PART_WORDS[code]), counts[code]) for code in PARTS if counts[code]],
        actions=_actions(campaign, by, current=current),
        current=current,
    )


def _who(campaign: Campaign, *, now: datetime) -> str:
    """By name: who started it, and who moved it last after that."""
    start = start_of(campaign)
    if start:
        said = {"name": start.by or _("the day's plan"), "time": wording.near(start.at, now=now)}
        words = _("started by %(name)s, %(time)s") % said
    else:
        words = _("planned, %(time)s") % {"time": wording.near(campaign.created_at, now=now)}
    if campaign.moved_at and campaign.moved_by and (start is None or campaign.moved_at > start.at):
        moved = {
            "state": str(CampaignState(campaign.state).label).lower(),
            "name": campaign.moved_by,
            "time": wording.near(campaign.moved_at, now=now),
        }
        words += " · " + _("%(state)s by %(name)s, %(time)s") % moved
    return words


def _actions(campaign: Campaign, by: Actor, *, current: bool) -> list[Action]:
    """Keys belong to the campaign that is open."""
    may = possible(CAMPAIGN_LIFE, campaign.state, by.roles_at(campaign.organisation_id))
    url, key = address_of(campaign), "KeyP" if current else ""
    on = ("start", _("Start the calls")) if campaign.state == CampaignState.WAITING else ("resume", _("Go on calling"))
    offered = (
        (CampaignState.PAUSED, Action("pause", _("Pause"), url, "clock", key=key)),
        (CampaignState.RUNNING, Action(*on, url, "robot", "go", key=key)),
        (CampaignState.STOPPED, Action("stop", _("End the campaign"), url, "phone-off", "danger")),
    )
    return [action for to, action in offered if to in may]


def tabs(campaign: Campaign, show: str) -> list[Tab]:
    """Each figure opens its list; empty parts have none."""
    counts = progress(campaign)
    found = [Tab(_("All"), address_of(campaign), sum(counts.values()), show == ALL)]
    return found + [
        Tab(str(PART_WORDS[code]), address_of(campaign, show=code), counts[code], show == code)
        for code in PARTS
        if counts[code] or show == code
    ]


def rows(orders: Sequence[CallOrder], *, now: datetime) -> list[CallRow]:
    """A page of people, each with the reason why it is rung."""
    attempts = last_attempts([order.pk for order in orders])
    tasks = Task.objects.filter(about_uid__in=[order.due_contact.uid for order in orders])
    handed = dict(tasks.order_by("opened_at").values_list("about_uid", "reason"))
    titles = {row.code: row.file.title.in_language(wording.language()) for row in programmes()}
    return [_row(order, attempts.get(order.pk), handed.get(order.due_contact.uid, ""), titles, now) for order in orders]


def part_of(order: CallOrder) -> str:
    """The same parts as `progress.PARTS`, of a row that was read with its annotations."""
    if order.state != "waiting":
        return {"done": "done", "exhausted": "handed", "stopped": "stopped"}[order.state]
    live = str(order.live)  # type: ignore[attr-defined]  # annotated by progress.orders_of
    if live:
        return "talking" if live == "answered" else "ringing"
    return "again" if order.tried else "waiting"  # type: ignore[attr-defined]


def _row(order: CallOrder, last: CallAttempt | None, handed: str, titles: Mapping[str, str], now: datetime) -> CallRow:
    part = part_of(order)
    tone, icon = MARKS[part]
    return CallRow(
        uid=str(order.uid),
        url=reverse("operator:person", args=[order.person.uid]),
        name=short_name(order.person),
        age=short_age(order.person, now=now),
        reason=_reason(order, part, last, handed, titles),
        state=Pill(tone, icon, str(PART_WORDS[part])),
        last=_last(last),
        when=_when(order, part, last, now=now),
    )


def _reason(order: CallOrder, part: str, last: CallAttempt | None, handed: str, titles: Mapping[str, str]) -> str:
    if part == "handed" and handed:
        return str(WORDS.get(handed, ""))
    if last is not None and last.ended_at and part in ("again", "ringing", "talking"):
        return _("Again after: %(outcome)s") % {"outcome": AttemptOutcome(last.outcome).label}
    if order.due_contact.kind == DueKind.EXTRA:
        return _("Campaign: %(name)s") % {"name": name_of(order.campaign)}
    title = titles.get(order.enrolment.programme_code, order.enrolment.programme_code)
    return _("Daily contact: %(programme)s") % {"programme": title}


def _last(last: CallAttempt | None) -> str:
    """How the newest call that ended came out, and the how many-th it was."""
    if last is None or not last.outcome:
        return ""
    said = last.contact.outcome if last.contact else ""
    words = ContactOutcome(said).label if said else AttemptOutcome(last.outcome).label
    calls = ngettext("%(n)d call", "%(n)d calls", last.attempt_no) % {"n": last.attempt_no}
    return f"{words} · {calls}"


def _when(order: CallOrder, part: str, last: CallAttempt | None, *, now: datetime) -> str:
    if part in ("waiting", "again"):
        if order.next_attempt_at <= now:
            return _("as soon as a line is free")
        return _("from %(time)s") % {"time": wording.near(order.next_attempt_at, now=now)}
    at = last and (last.ended_at or last.answered_at or last.invited_at or last.claimed_at)
    return wording.near(at, now=now) if at else ""
