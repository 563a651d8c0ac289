"""The labelled facts of the card: how to reach the person, where they are, what to be careful with."""

from django.utils.translation import gettext as _

from medet.base import phones, wording
from medet.flows.request_visit import choose_clinic
from medet.monitoring.queries import doctors_open
from medet.people.models import Address, Person, Phone
from medet.people.queries import address_of, consent_of, phones_of, representative_of
from medet.people.states import ConsentKind, Language, PhoneState, Whose
from medet.records.codes import label
from medet.records.models import Case
from medet.records.queries import allergies_of, last_test_of, treatments_of
from medet.web.parts.shapes import Fact

MARKS = {PhoneState.CHECKED: "circle-check", PhoneState.BAD: "phone-off", PhoneState.DO_NOT_CALL: "ban"}


def facts_of(person: Person, case: Case | None) -> list[Fact]:
    """In the order a doctor asks for them."""
    address = address_of(person)
    facts = [*[_phone(row) for row in phones_of(person)], Fact(_("Language"), Language(person.language).label)]
    if consent_of(person, ConsentKind.ROBOT_CALLS) is False:
        facts.append(Fact(_("Robot calls"), _("Refused"), icon="ban", icon_label=_("Refused")))
    facts += [Fact(_("Address"), address_words(address), wide=True)] if address else []
    choice = choose_clinic(person, address)
    facts += [Fact(_("Clinic"), choice.clinic.name)] if choice else []
    facts += _answering(person)
    facts += _allergies(person)
    return facts + (_of_case(case) if case else [])


def _phone(row: Phone) -> Fact:
    name = _("Telephone") if row.whose == Whose.OWN else f"{_('Telephone')}: {str(Whose(row.whose).label).lower()}"
    return Fact(
        name,
        phones.display(row.number),
        icon=MARKS.get(PhoneState(row.state), ""),
        icon_label=str(PhoneState(row.state).label),
        url=f"tel:{row.number}",
    )


def address_words(address: Address) -> str:
    """District, street, house, flat and entrance."""
    parts = [address.district.name, address.street, address.house]
    parts += [_("flat %(number)s") % {"number": address.flat}] if address.flat else []
    parts += [_("entrance %(number)s") % {"number": address.entrance}] if address.entrance else []
    return ", ".join(parts)


def _answering(person: Person) -> list[Fact]:
    row = representative_of(person)
    if row is None:
        return []
    url = f"tel:{row.number}" if row.number else ""
    words = ", ".join(
        part for part in (row.name, row.relation, phones.display(row.number) if row.number else "") if part
    )
    return [Fact(_("Answers for the patient"), words, url=url, wide=True)]


def _allergies(person: Person) -> list[Fact]:
    substances = ", ".join(row.substance for row in allergies_of(person))
    return [Fact(_("Allergy"), substances, strong=True)] if substances else []


def _of_case(case: Case) -> list[Fact]:
    facts = []
    if case.risk_groups:
        groups = ", ".join(label("risk_groups", code) for code in case.risk_groups)
        facts.append(Fact(_("Risk groups"), groups, wide=True))
    test = last_test_of(case)
    if test:
        facts.append(Fact(_("Last PCR"), f"{test.result.label}, {wording.day(test.on)}"))
    treatment = treatments_of(case).first()
    if treatment:
        facts.append(Fact(_("Treatment"), treatment.text, wide=True))
    planned = doctors_open(case)
    if planned:
        facts.append(Fact(_("Doctor's contact"), wording.day(planned[0].on)))
    return facts
