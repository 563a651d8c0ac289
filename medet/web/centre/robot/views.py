"""Today's robot calls: the campaigns, the people in them, and every move by key; the lists refresh themselves."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medet.base.clock import local_day
from medet.contacts.calls.progress import PARTS, measured_call, orders_of, progress
from medet.contacts.campaigns.actions import set_preset
from medet.contacts.campaigns.models import Campaign
from medet.contacts.campaigns.queries import campaigns_of, standing_stops
from medet.contacts.states import RINGS_OR_WILL, CampaignState, Preset
from medet.flows.day_campaign import steer_campaign
from medet.flows.stop_robot import let_ring, stop_every_robot
from medet.web.asked import Asked
from medet.web.centre.robot import effects, shown
from medet.web.centre.robot.forms import PresetForm, RingAgainForm
from medet.web.moves import carried_out
from medet.web.parts.seen import seen
from medet.web.parts.stopping import MOVE, stop_action, stop_words

PAGE = 50
MOVES = {
    "pause": CampaignState.PAUSED,
    "resume": CampaignState.RUNNING,
    "start": CampaignState.RUNNING,
    "stop": CampaignState.STOPPED,
}
LEFT = ("waiting", "again", "ringing", "talking")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """The campaign the address names, or the day's own; every move is posted here."""
    campaigns = list(campaigns_of(request.actor.organisation_ids, on=local_day(request.now)))
    asked = request.GET.get("campaign", "")
    campaign = next((row for row in campaigns if str(row.uid) == asked), campaigns[0] if campaigns else None)
    if request.method != "POST":
        return render(request, "centre/robot.html", _context(request, campaigns, campaign))
    move = request.POST.get("move", "")
    if move == MOVE:
        stop_every_robot(by=request.actor, now=request.now)
        messages.success(request, _("Every robot call is stopped. Telephones that ring are taken back."))
    elif move == "ring_again":
        return _ring_again(request, campaigns, campaign)
    elif campaign is not None and move in MOVES:
        steer_campaign(campaign_id=campaign.pk, to=MOVES[move], by=request.actor, now=request.now)
        messages.success(request, _("Robot calls: %(state)s.") % {"state": str(MOVES[move].label).lower()})
    elif campaign is not None and move == "preset":
        return _preset(request, campaigns, campaign)
    else:
        raise Http404
    return _back(campaign)


def _back(campaign: Campaign | None) -> HttpResponse:
    return redirect(shown.address_of(campaign) if campaign else "centre:robot")


def _places(request: Asked) -> int:
    return len(request.actor.organisation_ids)


def _ring_again(request: Asked, campaigns: list[Campaign], campaign: Campaign | None) -> HttpResponse:
    asked = request.POST.get("stop", "")
    stops = [stop for stop in standing_stops(request.actor.organisation_ids) if asked in ("", str(stop.uid))]
    if not stops:
        return _back(campaign)
    stop, form = stops[0], RingAgainForm(request.POST, stop=stops[0])
    if form.is_valid() and carried_out(
        form, lambda: let_ring(stop=stop, why=form.cleaned_data["why"], by=request.actor, now=request.now)
    ):
        words = _("The robot rings again.")
        messages.success(request, f"{stop.organisation.name}: {words}" if _places(request) > 1 else words)
        return _back(campaign)
    return render(request, "centre/robot.html", _context(request, campaigns, campaign, form), status=422)


def _preset(request: Asked, campaigns: list[Campaign], campaign: Campaign) -> HttpResponse:
    form = PresetForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: set_preset(
            campaign_id=campaign.pk, preset=Preset(form.cleaned_data["preset"]), by=request.actor, now=request.now
        ),
    ):
        messages.success(request, _("The settings hold from the next call on."))
        return _back(campaign)
    return render(request, "centre/robot.html", _context(request, campaigns, campaign, form), status=422)


def _context(
    request: Asked, campaigns: list[Campaign], campaign: Campaign | None, faulty: forms.Form | None = None
) -> dict[str, Any]:
    here = shown.address_of(campaign) if campaign else request.path
    context: dict[str, Any] = {
        "stops": _stops(request, faulty),
        "stop_all": stop_action(here),
        "cards": [shown.card(row, request.actor, now=request.now, current=row == campaign) for row in campaigns],
        "campaign": campaign,
        "here": here,
    }
    return context | (_opened(request, campaign, faulty) if campaign else {})


def _stops(request: Asked, faulty: forms.Form | None) -> list[tuple[str, RingAgainForm]]:
    """What holds now, each with what is said of it and the form that lifts it."""
    rows = []
    for stop in standing_stops(request.actor.organisation_ids):
        is_asked = isinstance(faulty, RingAgainForm) and faulty.stop == stop
        form = cast(RingAgainForm, faulty) if is_asked else RingAgainForm(stop=stop)
        rows.append((stop_words([stop], places=_places(request), now=request.now), form))
    return rows


def _opened(request: Asked, campaign: Campaign, faulty: forms.Form | None) -> dict[str, Any]:
    """The people of the campaign and its settings."""
    show = request.GET.get("show", shown.ALL)
    show = show if show in PARTS else shown.ALL
    found = orders_of([campaign.pk]).filter(*([PARTS[show]] if show in PARTS else []))
    found = found.select_related("person", "due_contact", "enrolment", "campaign").order_by("pk")
    orders = list(_after(found, request.GET.get("after", ""))[: PAGE + 1])
    seen(request, [order.person_id for order in orders[:PAGE]], desk="robot")
    call, counts = measured_call(request.actor.organisation_ids, now=request.now), progress(campaign)
    left = sum(counts[code] for code in LEFT)
    return {
        "name": shown.name_of(campaign),
        "tabs": shown.tabs(campaign, show),
        "rows": shown.rows(orders[:PAGE], now=request.now),
        "more_url": _more(campaign, show, orders),
        "presets": effects.effects(people=left, call=call, now=request.now, current=campaign.preset),
        "measured": effects.measured_words(call),
        "preset_form": faulty if isinstance(faulty, PresetForm) else PresetForm(),
        "settable": campaign.state in RINGS_OR_WILL,
    }


def _more(campaign: Campaign, show: str, orders: list[Any]) -> str:
    if len(orders) <= PAGE:
        return ""
    return shown.address_of(campaign, show="" if show == shown.ALL else show, after=str(orders[PAGE - 1].uid))


def _after(rows: Any, key: str) -> Any:
    """Behind the order that a key names; nonsense is the beginning."""
    try:
        last = rows.model.objects.filter(uid=UUID(key)).values_list("pk", flat=True).first()
    except ValueError:
        return rows
    return rows.filter(pk__gt=last) if last else rows
