"""The people of the roster come into the register, and their cases under observation."""

from datetime import datetime, timedelta

from medet.base.actor import Actor
from medet.demo.city.places import City
from medet.demo.city.roster import Made
from medet.flows.observe import observe, register_case
from medet.monitoring.models import Enrolment
from medet.people.actions import (
    Door,
    Identity,
    add_phone,
    attach,
    give_consent,
    register_person,
    set_address,
    share_household,
)
from medet.people.models import Person
from medet.people.states import ConsentKind, Language, Sex, Whose
from medet.records.actions import Diagnosis
from medet.records.models import Case
from medet.records.states import Classification, Regimen, Severity

PROGRAMME = "covid-home"
# How sure the diagnosis is, and what the person is at home for.
KINDS = (
    (Classification.CONFIRMED, "U07.1", Severity.MILD, Regimen.HOME_TREATMENT),
    (Classification.CONFIRMED, "U07.1", Severity.ASYMPTOMATIC, Regimen.HOME_TREATMENT),
    (Classification.PROBABLE, "U07.2", Severity.MILD, Regimen.HOME_TREATMENT),
    (Classification.CONFIRMED, "U07.1", Severity.MODERATE, Regimen.HOME_TREATMENT),
    (Classification.SUSPECTED, "U07.2", Severity.MILD, Regimen.HOME_QUARANTINE),
)


def register(made: Made, city: City, *, by: Actor, now: datetime) -> Person:
    """The person with phone, door, clinic and consents."""
    person = register_person(identity=_identity(made), organisation=city.centre, by=by, now=now)
    if made.has_phone:
        whose = Whose.OWN if made.household is None else Whose.HOUSEHOLD
        add_phone(person=person, number=made.number, whose=whose, by=by, now=now)
    door = Door(
        district=city.districts[made.district],
        street=made.street,
        house=made.house,
        flat=made.flat,
        entrance=made.entrance,
        floor=made.floor,
        intercom=made.flat,
    )
    set_address(person=person, door=door, by=by, now=now)
    attach(person=person, clinic=city.organisations[made.clinic], basis="demo", by=by, now=now)
    for kind in (ConsentKind.OBSERVATION, ConsentKind.ROBOT_CALLS):
        give_consent(person=person, kind=kind, text_version="demo-1", channel="phone", by=by, now=now)
    return person


def _identity(made: Made) -> Identity:
    return Identity(
        family_name=made.family_name,
        given_name=made.given_name,
        patronymic=made.patronymic,
        iin=made.iin,
        birth_date=made.birth_date,
        sex=Sex(made.sex),
        language=Language(made.language),
    )


def share_lines(people: dict[Made, Person], *, now: datetime) -> None:
    """Those who share a door and a line become households."""
    by_place = {made.place: person for made, person in people.items()}
    for made, person in people.items():
        if made.household is not None:
            share_household(people=[by_place[made.household], person], now=now)


def fall_ill(made: Made, person: Person, city: City, *, by: Actor, now: datetime) -> Case:
    """A case, with the task to start its observation."""
    classification, icd10, severity, regimen = KINDS[made.place % len(KINDS)]
    diagnosis = Diagnosis(
        classification=classification,
        icd10=icd10,
        severity=severity,
        regimen=regimen,
        risk_groups=made.risks,
        onset_on=(now - timedelta(days=2)).date(),
    )
    return register_case(person=person, diagnosis=diagnosis, organisation=city.centre, by=by, now=now)


def watch(case: Case, *, by: Actor, now: datetime) -> Enrolment:
    """The observation begins."""
    return observe(case=case, programme_code=PROGRAMME, by=by, now=now)
