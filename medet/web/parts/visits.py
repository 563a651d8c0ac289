"""A home visit in words that the centre and the clinic share."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base import wording
from medet.handovers.models import HomeVisit
from medet.handovers.states import ClinicChoice, Urgency, VisitState
from medet.monitoring.queries import newest_file
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.people.queries import address_of, attachment_of
from medet.places.models import Organisation
from medet.places.queries import clinic_by_address, primary_care
from medet.web.parts.shapes import Pill, Step, Tone

STATES: dict[str, tuple[Tone, str]] = {
    VisitState.SENT: ("brand", "send"),
    VisitState.RECEIVED: ("grey", "check"),
    VisitState.ASSIGNED: ("grey", "user-check"),
    VisitState.UNDER_WAY: ("brand", "walk"),
    VisitState.DONE: ("green", "clipboard-check"),
    VisitState.NOT_FOUND: ("red", "home-question"),
    VisitState.REFUSED: ("red", "ban"),
    VisitState.REDIRECTED: ("grey", "arrow-right"),
}
TONES: dict[str, tuple[Tone, str]] = {
    Urgency.TWO_HOURS: ("red", "alert-triangle"),
    Urgency.TODAY: ("amber", "clock"),
    Urgency.DAY: ("grey", "clock"),
}
WAY = (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.UNDER_WAY)
RULES = {
    "street": gettext_lazy("the clinic answers for this street"),
    "district": gettext_lazy("the clinic answers for this district"),
    "no_catchment": gettext_lazy("no clinic is known for the address"),
}


def state_pill(state: str) -> Pill:
    """Where the request stands, as icon, word and colour."""
    tone, icon = STATES.get(state, ("grey", "circle"))
    return Pill(tone, icon, str(VisitState(state).label))


def urgency_pill(urgency: str) -> Pill:
    """How soon, as icon, word and colour."""
    tone, icon = TONES[urgency]
    return Pill(tone, icon, str(Urgency(urgency).label))


def steps(visit: HomeVisit) -> list[Step]:
    """Accepted, assigned, on the way, result."""
    ended = visit.ended_at is not None
    here = WAY.index(VisitState(visit.state)) if visit.state in WAY else -1
    way = [
        Step(str(state.label), done=ended or index < here, current=not ended and index == here)
        for index, state in enumerate(WAY)
    ]
    return [*way, Step(_("Result"), current=ended)]


def clinic_named(why: Mapping[str, object], key: str) -> str:
    """The clinic a request was redirected to (`to`) or by (`from`), in the reader's language."""
    return str(why.get(f"{key}_{wording.language()}") or "")


def redirected_words(why: Mapping[str, object]) -> str:
    """Where a request went on to."""
    clinic = clinic_named(why, "to")
    return _("Redirected to: %(clinic)s") % {"clinic": clinic} if clinic else ""


def other_clinics(visit: HomeVisit) -> tuple[list[Organisation], list[Organisation]]:
    """Where a request may be redirected: the likely ones (by the address, by attachment), then the others."""
    address, attached = address_of(visit.person), attachment_of(visit.person)
    found = clinic_by_address(district=address.district, street=address.street) if address else None
    likely = [*([found.clinic] if found else []), *([attached.clinic] if attached else [])]
    # Who redirected it here is not the one to go to.
    before = visit.clinic_why.get("from_ru")
    first = {clinic.pk: clinic for clinic in likely if clinic.pk != visit.clinic_id and clinic.name_ru != before}
    others = [row for row in primary_care(visit.clinic.region) if row.pk not in {*first, visit.clinic_id}]
    return list(first.values()), others


def chosen_words(how: str, why: Mapping[str, str]) -> str:
    """How the clinic was chosen, and which other one was possible."""
    before = clinic_named(why, "from")
    if before:
        return _("Redirected by: %(clinic)s") % {"clinic": before} + "."
    by_hand = how == ClinicChoice.BY_HAND
    words = _("Clinic chosen by hand") if by_hand else _("Chosen %(how)s") % {"how": ClinicChoice(how).label}
    rule = RULES.get(why.get("rule", ""))
    if rule:
        words += f": {rule}"
    if why.get("attached"):
        words += ". " + _("Attached to: %(clinic)s") % {"clinic": why["attached"]}
    return words + "."


def programme_of(visit: HomeVisit) -> ProgrammeFile | None:
    """The newest programme of the case: it has the words of what was told. The answers themselves stay unread."""
    return newest_file(visit.programme_code) if visit.programme_code else None
