"""Builders that go through the actions: a made-up city of two clinics and the named cast."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import count

from medet.base.actor import WORKER, Actor
from medet.base.iin import made_up
from medet.flows.observe import observe, register_case
from medet.monitoring.actions import FOLDER, load_programme
from medet.monitoring.models import Enrolment
from medet.monitoring.schema import Programme, read_programme
from medet.people.actions import Door, Identity, add_phone, attach, register_person, set_address
from medet.people.models import Person
from medet.people.states import Language, Sex
from medet.places.models import Catchment, District, Organisation, Region
from medet.places.states import Kind, Level
from medet.records.actions import Diagnosis
from medet.records.models import Case
from medet.records.states import Classification, Regimen, Severity
from medet.staff.actions import create_user, give_role
from medet.staff.models import User
from medet.staff.queries import actor_of
from medet.staff.states import Role

# Noon in Almaty on a Monday: inside every calling window.
NOON = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_serial = count(1)


@dataclass
class City:
    """The telemedicine centre, two clinics, and the cast by name."""

    centre: Organisation
    clinic: Organisation
    other_clinic: Organisation
    district: District
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str, *, now: datetime = NOON) -> Actor:
        """Who somebody of the cast is."""
        return actor_of(self.users[name], now=now)


CAST = {
    "aigerim": (Role.OPERATOR, "centre"),
    "marat": (Role.OPERATOR, "centre"),
    "serik": (Role.DOCTOR, "centre"),
    "saule": (Role.SUPERVISOR, "centre"),
    "dana": (Role.CLINIC_RECEIVER, "clinic"),
    "boris": (Role.CLINIC_RECEIVER, "other_clinic"),
}


def city(*, now: datetime = NOON) -> City:
    """Places, programme and cast; nobody is ill yet."""
    region = Region.objects.get_or_create(
        kato="750000000", defaults={"name_kk": "Алматы қаласы", "name_ru": "город Алматы", "name_en": "Almaty"}
    )[0]
    district = District.objects.get_or_create(
        kato="751310000",
        defaults={"region": region, "name_kk": "Әуезов", "name_ru": "Ауэзовский", "name_en": "Auezov"},
    )[0]
    made = City(
        centre=organisation("Centre", Kind.TELEMEDICINE_CENTRE, region),
        clinic=organisation("Clinic 17", Kind.POLYCLINIC, region),
        other_clinic=organisation("Clinic 5", Kind.POLYCLINIC, region),
        district=district,
    )
    Catchment.objects.create(clinic=made.clinic, district=district)
    load_programme(file=at_home(), by=WORKER, now=now)
    for name, (role, place) in CAST.items():
        user = create_user(
            username=name,
            password="tests-" + name,
            family_name=name.title(),
            given_name="Test",
            language="en",
            by=WORKER,
            now=now,
        )
        give_role(user=user, role=role, organisation=getattr(made, place), by=WORKER, now=now)
        made.users[name] = user
    return made


@cache
def at_home() -> Programme:
    """The programme of the city, read once: a thousand tests build one each."""
    return read_programme(FOLDER / "covid-home.yaml")


def with_roles(town: City, name: str, *held: tuple[Role, Organisation], now: datetime = NOON) -> Actor:
    """Somebody new with roles at several places; signs in like the cast."""
    user = create_user(
        username=name, password=None, family_name=name.title(), given_name="Test", language="en", by=WORKER, now=now
    )
    for role, place in held:
        give_role(user=user, role=role, organisation=place, by=WORKER, now=now)
    town.users[name] = user
    return town.actor(name, now=now)


def organisation(name: str, kind: Kind, region: Region) -> Organisation:
    """An organisation with one name in three languages."""
    return Organisation.objects.create(
        name_kk=name, name_ru=name, name_en=name, kind=kind, level=Level.CITY, region=region
    )


def person(
    town: City,
    *,
    family_name: str = "Серікбаева",
    language: Language = Language.RU,
    phone: str = "",
    now: datetime = NOON,
) -> Person:
    """Somebody who cannot exist (month 00 in the IIN), with one phone, an address and an attachment."""
    number, born = next(_serial), date(1959, 4, 12)
    made = register_person(
        identity=Identity(
            family_name=family_name,
            given_name="Әсел",
            iin=made_up(birth_date=born, sex="female", serial=number),
            birth_date=born,
            sex=Sex.FEMALE,
            language=language,
        ),
        organisation=town.centre,
        by=WORKER,
        now=now,
    )
    add_phone(person=made, number=phone or f"+7701{number:07d}", by=WORKER, now=now)
    set_address(
        person=made,
        door=Door(district=town.district, street="Ақсай-4", house="12", flat="48", entrance="2"),
        by=WORKER,
        now=now,
    )
    attach(person=made, clinic=town.other_clinic, by=WORKER, now=now)
    return made


def case(town: City, who: Person | None = None, *, now: datetime = NOON) -> Case:
    """A confirmed mild case of somebody, opened and not yet observed."""
    return register_case(
        person=who or person(town, now=now),
        diagnosis=Diagnosis(
            classification=Classification.CONFIRMED,
            icd10="U07.1",
            severity=Severity.MILD,
            regimen=Regimen.HOME_TREATMENT,
        ),
        organisation=town.centre,
        by=town.actor("aigerim", now=now),
        now=now,
    )


def observed(town: City, who: Person | None = None, *, now: datetime = NOON) -> Enrolment:
    """A case under observation at home, with today planned."""
    return observe(
        case=case(town, who, now=now), programme_code="covid-home", by=town.actor("aigerim", now=now), now=now
    )
