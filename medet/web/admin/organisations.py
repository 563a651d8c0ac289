"""Organisations: all of them, a new one, one with the streets it answers for."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medet.base.actor import WORKER
from medet.base.names import fold, sort_key
from medet.base.phones import display
from medet.base.scope import scope
from medet.contacts.line.queries import prefixes
from medet.contacts.staff_calls.queries import duty_gaps
from medet.flows.installing import add_street, create_organisation, update_organisation
from medet.places.actions import drop_catchment
from medet.places.models import Catchment, District, Organisation
from medet.places.states import PRIMARY_CARE
from medet.staff.shared.actions import revoke_device
from medet.staff.shared.queries import standing_at
from medet.web.admin.forms import PlaceForm, StreetForm
from medet.web.admin.ways import Outcome, done, moved, show
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.devices import rows
from medet.web.parts.shapes import Pill

WAY, PAGE = "admin:organisations", 100


@require_safe
def every(request: Asked) -> HttpResponse:
    """By name; a word narrows the list."""
    wanted = request.GET.get("q", "").strip()
    places = Organisation.objects.select_related("district").annotate(
        streets=Count("catchments"),
    )
    found = [row for row in places if _fits(row, wanted)]
    found.sort(key=lambda row: sort_key(row.name))
    listed = found[:PAGE]
    context = {
        "rows": list(zip(listed, _duty(listed), strict=True)),
        "q": wanted,
        "more": len(found) - PAGE if len(found) > PAGE else 0,
    }
    return show(request, "organisations", WAY, context)


def _duty(rows: Sequence[Organisation]) -> Iterator[tuple[str, Pill | None]]:
    """The telephone on duty, and why the robot cannot ring it; only who is sent home visits needs one."""
    clinics = [row for row in rows if row.kind in PRIMARY_CARE]
    with scope(WORKER):  # when a clinic was rung is the clinic's row; no patient is in it
        gaps = duty_gaps(clinics, allowed=prefixes())
    for row in rows:
        gap = gaps.get(row.pk)
        number = display(row.duty_phone) if row.duty_phone else ""
        yield number, Pill("amber", "phone-off", str(gap.label)) if gap else None


def _fits(row: Organisation, wanted: str) -> bool:
    return not wanted or any(fold(wanted) in fold(name) for name in (row.name_kk, row.name_ru, row.name_en))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """A new one."""
    form = PlaceForm(request.POST or None)
    made: list[Organisation] = []
    if request.method == "POST" and form.is_valid():
        data = form.organisation()
        if carried_out(form, lambda: made.append(create_organisation(**data, by=request.actor, now=request.now))):
            done(request, _("The organisation is registered."))
            return redirect("admin:organisation", uid=made[0].uid)
    return show(request, "organisation_new", WAY, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, uid: UUID) -> HttpResponse:
    """Its data, and its streets when it is a clinic."""
    row = get_object_or_404(Organisation.objects.select_related("district", "region"), uid=uid)
    outcome: Outcome = moved(request, MOVES, row) if request.method == "POST" else {}
    if isinstance(outcome, HttpResponse):
        return outcome
    shown = {"row": row, "form": PlaceForm(initial=PlaceForm.of(row)), "is_clinic": row.kind in PRIMARY_CARE}
    if row.kind in PRIMARY_CARE:
        near = District.objects.filter(region=row.region)
        initial = {"district": row.district.kato if row.district else ""}
        shown["street_form"] = StreetForm(initial=initial, districts=near)
        streets = Catchment.objects.filter(clinic=row).select_related("district")
        shown["devices"] = rows(standing_at(row.pk, now=request.now), now=request.now)
        shown["streets"] = sorted(streets, key=lambda one: (one.district.name, sort_key(one.street)))
    return show(request, "organisation", WAY, shown | outcome)


def _change(request: Asked, row: Organisation) -> Outcome:
    form = PlaceForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: update_organisation(organisation=row, **form.organisation(), by=request.actor, now=request.now),
    ):
        done(request, _("The change is kept."))
        return redirect("admin:organisation", uid=row.uid)
    return {"form": form}


def _street(request: Asked, row: Organisation) -> Outcome:
    form = StreetForm(request.POST, districts=District.objects.filter(region=row.region))
    if not form.is_valid():
        return {"street_form": form}
    add_street(clinic=row, **form.cleaned_data, by=request.actor, now=request.now)
    done(request, _("The street is added."))
    return redirect("admin:organisation", uid=row.uid)


def _drop(request: Asked, row: Organisation) -> Outcome:
    number = request.POST.get("street", "")
    street = get_object_or_404(Catchment, clinic=row, pk=int(number) if number.isdecimal() else 0)
    drop_catchment(catchment=street, by=request.actor, now=request.now)
    done(request, _("The street is taken away."))
    return redirect("admin:organisation", uid=row.uid)


def _revoke(request: Asked, row: Organisation) -> Outcome:
    found = [one for one in standing_at(row.pk, now=request.now) if str(one.uid) == request.POST.get("device")]
    if not found:
        raise Http404
    revoke_device(device=found[0], by=request.actor, now=request.now)
    done(request, _("The sharing is ended: nobody opens this phone by a PIN any more."))
    return redirect("admin:organisation", uid=row.uid)


MOVES: dict[str, Any] = {"change": _change, "street": _street, "drop": _drop, "revoke": _revoke}
