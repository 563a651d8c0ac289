"""A new suspected case beside a call: the page, who may be meant while one types, and the one step that saves it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medet.base import iin as iins
from medet.base import phones, wording
from medet.base.refused import Refused
from medet.flows.new_case import NewCase, new_case
from medet.flows.request_visit import VisitWish
from medet.handovers.states import VisitReason
from medet.monitoring.queries import programmes
from medet.people.actions import Door, Identity
from medet.people.models import Person
from medet.people.queries import address_of, masked_number, open_person, phones_of, seen_in_list
from medet.people.search import search_people
from medet.people.states import Language, Sex
from medet.places.models import District, Organisation
from medet.places.queries import clinic_by_address, districts
from medet.places.states import Kind
from medet.records.actions import Diagnosis
from medet.records.models import Case, CloseContact
from medet.records.queries import close_contact
from medet.records.states import Classification, Regimen, Severity
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.operator import robot
from medet.web.operator.new_form import NewCaseForm
from medet.web.parts.people import short_name
from medet.web.parts.shapes import Fact

MOST = 5
LEAST = 3  # letters of a name


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """The empty form, one for a person who was found, or one for somebody who was near a patient."""
    person, near = _person(request), _near(request)
    form = _form(request, person, near)
    made: list[Case] = []
    if request.method == "POST" and form.is_valid():
        told = _told(form, person, near)
        own = _centre(request)

        def move() -> None:
            made.append(new_case(told=told, organisation=own, by=request.actor, now=request.now))

        if carried_out(form, move, request=request):
            return _saved(request, made[0], own, wants_visit=told.visit is not None)
    context = {
        "form": form,
        "person": _known(person) if person else None,
        "name": short_name(person) if person else "",
        "robot": robot.menu(request.actor, now=request.now, switch=False),
    }
    return render(request, "operator/new.html", context, status=422 if form.errors else 200)


def _saved(request: Asked, case: Case, own: Organisation, *, wants_visit: bool) -> HttpResponse:
    if case.organisation_id != own.pk:
        words = _("%(organisation)s follows this person: what you were told stands there now, and they ring back.")
        asked = _("They are asked to send the home visit.") if wants_visit else ""
        messages.warning(request, f"{words % {'organisation': case.organisation.name}} {asked}".strip())
        return redirect("operator:new")
    messages.success(request, _("Saved: the person is followed from today."))
    return redirect("operator:person", uid=case.person.uid)


@require_POST
def alike(request: Asked) -> HttpResponse:
    """Who may be meant by what is typed, and the clinic of the address; posted, since it is a patient's name."""
    people = _alike(request)
    if people:
        seen_in_list(people=[row.pk for row in people], by=request.actor, now=request.now, desk="new")
    page = reverse("operator:new")
    rows = [(f"{page}?person={row.uid}", short_name(row), _born(row)) for row in people]
    return render(request, "operator/_alike.html", {"alike": rows, "clinic": _clinic(request)})


def _alike(request: Asked) -> list[Person]:
    """By number first, then by name: the plainest sign wins."""
    for text in _signs(request):
        found = search_people(text, by=request.actor, now=request.now, size=MOST)
        if found.people:
            return list(found.people)
    return []


def _signs(request: Asked) -> list[str]:
    """What is typed so far and worth a search: a number only when it is whole, since unknown ones are counted."""
    posted = request.POST
    iin, number = posted.get("iin", ""), posted.get("number", "")
    name = f"{posted.get('family_name', '')} {posted.get('given_name', '')}".strip()
    whole = [text for text, parse in ((iin, iins.parse), (number, phones.parse)) if _is_whole(text, parse)]
    return [*whole, name] if sum(sign.isalnum() for sign in name) >= LEAST else whole


def _is_whole(text: str, parse: Callable[[str], object]) -> bool:
    try:
        return bool(text and parse(text))
    except Refused:
        return False


def _clinic(request: Asked) -> str:
    district = District.objects.filter(kato=request.POST.get("district", "")).first()
    found = clinic_by_address(district=district, street=request.POST.get("street", "")) if district else None
    return found.clinic.name if found else ""


def _born(person: Person) -> str:
    return wording.day(person.birth_date) if person.birth_date else _("birth date not known")


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Http404 from fault


def _person(request: Asked) -> Person | None:
    uid = _uid(request.GET.get("person"))
    return open_person(uid=uid, by=request.actor, now=request.now, why="new case") if uid else None


def _near(request: Asked) -> CloseContact | None:
    uid = _uid(request.GET.get("near"))
    return close_contact(uid=uid, by=request.actor) if uid else None


def _centre(request: Asked) -> Organisation:
    mine = Organisation.objects.filter(pk__in=request.actor.organisation_ids, kind=Kind.TELEMEDICINE_CENTRE)
    found = mine.order_by("pk").first()
    if found is None:
        raise Refused("person.not_visible")
    return found


def _form(request: Asked, person: Person | None, near: CloseContact | None) -> NewCaseForm:
    known = programmes()
    if not known:
        raise Refused("list.programme")
    posted = request.POST if request.method == "POST" else None
    rows = [(row.kato, row.name) for row in districts()]
    return NewCaseForm(
        posted, programme=known[0].file, districts=rows, known=person is not None, initial=_initial(person, near)
    )


def _initial(person: Person | None, near: CloseContact | None) -> dict[str, Any]:
    if near:
        family, given, patronymic = [*near.name.split(maxsplit=2), "", "", ""][:3]
        return {"family_name": family, "given_name": given, "patronymic": patronymic, "number": near.number}
    address = address_of(person) if person else None
    if address is None:
        return {}
    parts = {part: getattr(address, part) for part in ("street", "house", "flat", "entrance")}
    return parts | {"district": address.district.kato}


def _known(person: Person) -> list[Fact]:
    numbers = ", ".join(phones.display(row.number) for row in phones_of(person))
    return [
        Fact(_("Number"), masked_number(person)),
        Fact(_("Born"), _born(person)),
        Fact(_("Telephone"), numbers or "—"),
    ]


def _told(form: NewCaseForm, person: Person | None, near: CloseContact | None) -> NewCase:
    data = form.cleaned_data
    return NewCase(
        person=person,
        identity=None if person else _identity(data),
        document="" if person else data["document"],
        number=data["number"],
        door=_door(data, person),
        diagnosis=Diagnosis(
            classification=Classification.SUSPECTED,
            icd10="U07.2",
            severity=Severity(data["severity"]),
            regimen=Regimen(data["regimen"]),
        ),
        programme_code=form.programme.code,
        answers=form.given,
        near=tuple(form.near()),
        visit=_visit(data),
        was_near=near,
    )


def _identity(data: dict[str, Any]) -> Identity:
    return Identity(
        family_name=data["family_name"],
        given_name=data["given_name"],
        patronymic=data["patronymic"],
        iin=data["iin"] or None,
        birth_date=data["birth_date"],
        sex=Sex(data["sex"]),
        language=Language(data["language"]),
    )


def _door(data: dict[str, Any], person: Person | None) -> Door | None:
    """Only an address that is not the one of today."""
    if not data["street"]:
        return None
    parts = {part: data[part] for part in ("street", "house", "flat", "entrance")}
    now = address_of(person) if person else None
    same = now and {**{part: getattr(now, part) for part in parts}, "district": now.district.kato}
    if same == parts | {"district": data["district"]}:
        return None
    return Door(district=District.objects.get(kato=data["district"]), **parts)


def _visit(data: dict[str, Any]) -> VisitWish | None:
    if not data["wants_visit"]:
        return None
    return VisitWish(reason=VisitReason.SUSPECTED, urgency=data["urgency"], note=data["note"])
