"""The home visit as the operator asks for it: prefilled from the record, and the wish that is sent."""

from collections.abc import Mapping
from typing import Any

from medet.base import wording
from medet.flows.request_visit import Choice, VisitWish, choose_clinic
from medet.handovers.states import Urgency, VisitReason
from medet.monitoring.models import Answers
from medet.people.models import Person
from medet.people.queries import address_of, attachment_of
from medet.places.models import Organisation
from medet.places.queries import primary_care
from medet.records.codes import choices
from medet.records.states import Classification
from medet.web.operator.forms import VisitForm
from medet.web.operator.work import Work
from medet.web.operator.worklist import BY_PHONE
from medet.web.parts.shapes import Fact
from medet.web.parts.told import facts
from medet.web.parts.visits import chosen_words

Posted = Mapping[str, Any] | None
SOON = {"red": Urgency.TWO_HOURS, "amber": Urgency.TODAY}


def visit_form(work: Work, choice: Choice | None, posted: Posted = None) -> VisitForm:
    """The request with what the record knows already."""
    case = work.seen()
    return VisitForm(
        posted,
        initial={
            "clinic": str(choice.clinic.uid) if choice else "",
            "urgency": _urgency(work.last),
            "reason": _reason(work),
            "icd10": case.icd10,
        },
        clinics=_clinics(work.person, choice),
        diagnoses=[(code, f"{code} {words}") for code, words in choices("icd10")],
    )


def choice_for(person: Person) -> Choice | None:
    """The clinic the request goes to when nobody chooses another."""
    return choose_clinic(person, address_of(person))


def why_this_clinic(person: Person, choice: Choice | None) -> str:
    """How it was chosen, and the other one in the reader's language."""
    if choice is None:
        return ""
    attached = attachment_of(person)
    other = attached.clinic.name if attached and attached.clinic_id != choice.clinic.pk else ""
    return chosen_words(choice.how, {"rule": choice.why.get("rule", ""), "attached": other})


def told(last: Answers | None) -> list[Fact]:
    """Complaints and measures that go with the request."""
    return facts(last.values, last.programme.file) if last else []


def wish_of(form: VisitForm, choice: Choice | None) -> VisitWish:
    """The valid form as a wish; another clinic than the one found is a choice by hand."""
    data = form.cleaned_data
    by_hand = choice is None or data["clinic"] != str(choice.clinic.uid)
    return VisitWish(
        reason=data["reason"],
        urgency=data["urgency"],
        note=data["note"],
        icd10=data["icd10"],
        clinic=Organisation.objects.get(uid=data["clinic"]) if by_hand else None,
    )


def _clinics(person: Person, choice: Choice | None) -> list[tuple[str, str]]:
    """The one found first, then the one of attachment, then all others of the region."""
    attached = attachment_of(person)
    first = [*([choice.clinic] if choice else []), *([attached.clinic] if attached else [])]
    address = address_of(person)
    others = primary_care(address.district.region) if address else []
    found = {str(clinic.uid): clinic.name for clinic in [*first, *others]}
    return list(found.items())


def _urgency(last: Answers | None) -> str:
    return SOON.get(last.band if last else "", Urgency.DAY)


def _reason(work: Work) -> str:
    case = work.seen()
    if any(task.kind in BY_PHONE for task in work.own):
        return VisitReason.NOT_REACHED
    if work.last and work.last.band in SOON:
        return VisitReason.WORSENING
    return VisitReason.SUSPECTED if case.classification == Classification.SUSPECTED else VisitReason.DOCTOR_ASKS


def when_told(last: Answers | None) -> str:
    """The hour of the answers the request is filled from."""
    return wording.moment(last.given_at) if last else ""
