"""A campaign of one's own: choose people, look who they are, name it, start it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medet.base import wording
from medet.contacts.calls.choosing import RUNG, Wanted, chosen, counted, wanted_from
from medet.contacts.calls.progress import measured_call
from medet.contacts.campaigns.actions import keep_filter
from medet.contacts.campaigns.queries import filters_of
from medet.contacts.states import Preset
from medet.flows.start_campaign import start_campaign
from medet.monitoring.queries import programmes
from medet.places.models import Organisation
from medet.places.queries import districts, primary_care
from medet.web.asked import Asked
from medet.web.centre.place import organisation_of
from medet.web.centre.robot import effects, shown
from medet.web.centre.robot.forms import KeepForm, PeopleForm, StartForm
from medet.web.moves import carried_out
from medet.web.parts.forms import Choices
from medet.web.parts.people import short_age, short_name
from medet.web.parts.seen import seen

NAMED = 50
LEFT_OUT = {
    "in_campaign": gettext_lazy("rung by a campaign today already"),
    "no_phone": gettext_lazy("no telephone that may be rung"),
    "no_birth_date": gettext_lazy("no birth date"),
    "no_robot_consent": gettext_lazy("do not want robot calls"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """Whom to ring stands in the address; a name and the settings are posted."""
    organisation = organisation_of(request)
    people = _people_form(request, organisation)
    if request.method != "POST" or not people.is_valid():
        return _page(request, organisation, people)
    move = request.POST.get("move", "")
    if move == "start":
        return _start(request, organisation, people)
    if move == "keep":
        return _keep(request, organisation, people)
    raise Http404


def _start(request: Asked, organisation: Organisation, people: PeopleForm) -> HttpResponse:
    form = StartForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, people, form)
    started = []

    def move() -> None:
        started.append(
            start_campaign(
                organisation_id=organisation.pk,
                name=form.cleaned_data["name"],
                wanted=people.wanted,
                preset=Preset(form.cleaned_data["preset"]),
                by=request.actor,
                now=request.now,
            )
        )

    if not carried_out(form, move):
        return _page(request, organisation, people, form)
    messages.success(request, _("The campaign “%(name)s” has begun.") % {"name": started[0].name})
    return redirect(shown.address_of(started[0]))


def _keep(request: Asked, organisation: Organisation, people: PeopleForm) -> HttpResponse:
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, people, form)
    name, kept = form.cleaned_data["filter_name"], people.wanted.as_json()
    keep_filter(organisation_id=organisation.pk, name=name, wanted=kept, by=request.actor, now=request.now)
    messages.success(request, _("The choice is kept as “%(name)s”.") % {"name": name})
    return redirect(address_of(people.wanted))


def address_of(wanted: Wanted) -> str:
    """The page with these people chosen."""
    return f"{reverse('centre:campaign')}?{urlencode({'look': '1'} | wanted.as_json())}"


def _people_form(request: Asked, organisation: Organisation) -> PeopleForm:
    lists: dict[str, Choices] = {
        "programme": [(row.code, row.file.title.in_language(wording.language())) for row in programmes()],
        "district": [(row.kato, row.name) for row in districts() if row.region_id == organisation.region_id],
        "clinic": [(str(row.uid), row.name) for row in primary_care(organisation.region)],
        "language": list(wording.LANGUAGE_LABELS.items()),
    }
    return PeopleForm(request.GET, lists=lists)


def _page(
    request: Asked, organisation: Organisation, people: PeopleForm, faulty: forms.Form | None = None
) -> HttpResponse:
    kept = [(row.name, address_of(wanted_from(row.wanted))) for row in filters_of([organisation.pk])]
    context: dict[str, Any] = {"people_form": people, "kept": kept, "here": request.get_full_path()}
    valid = people.is_valid()
    if valid and request.GET.get("look"):
        context |= _preview(request, organisation, people.wanted, faulty)
    return render(request, "centre/campaign.html", context, status=422 if faulty or not valid else 200)


def _preview(request: Asked, organisation: Organisation, wanted: Wanted, faulty: forms.Form | None) -> dict[str, Any]:
    """How many and who, and what each preset would make of it."""
    rows = chosen(wanted, organisation_id=organisation.pk, now=request.now)
    counts = counted(rows)
    rung = list(rows.filter(left_out=RUNG)[:NAMED])
    seen(request, [row.person_id for row in rung], desk="campaign")
    number = counts.get(RUNG, 0)
    call = measured_call(request.actor.organisation_ids, now=request.now)
    start = StartForm(initial={"preset": Preset.NORMAL})
    return {
        "preview": True,
        "number": number,
        "left_out": [(LEFT_OUT[code], counts[code]) for code in LEFT_OUT if counts.get(code)],
        "named": [(short_name(row.person), short_age(row.person, now=request.now)) for row in rung],
        "unnamed": max(0, number - NAMED),
        "presets": effects.effects(people=number, call=call, now=request.now, current=Preset.NORMAL),
        "measured": effects.measured_words(call),
        "start_form": faulty if isinstance(faulty, StartForm) else start,
        "keep_form": faulty if isinstance(faulty, KeepForm) else KeepForm(),
    }
