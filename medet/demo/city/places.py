"""The organisations of the made-up city, who answers for which street, and who works where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from medet.base.actor import WORKER, Actor
from medet.demo.city.roster import load
from medet.places.actions import Name, put_catchment, register_organisation
from medet.places.models import District, Organisation
from medet.places.states import Kind, Level
from medet.staff.actions import Hashed, create_user, give_role
from medet.staff.models import RoleAt, User
from medet.staff.queries import actor_of
from medet.staff.states import Role

PASSWORD = "medet"  # noqa: S105 -- made-up people only, printed at every start


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in to the demo."""

    username: str
    role: Role
    organisation: str
    family_name: str
    given_name: str
    language: str = "ru"


STAFF = (
    Login("operator", Role.OPERATOR, "centre", "Айтқалиева", "Айгерім", "kk"),
    Login("operator2", Role.OPERATOR, "centre", "Лукина", "Марина"),
    Login("doctor", Role.DOCTOR, "centre", "Сапаров", "Серік", "kk"),
    Login("doctor2", Role.DOCTOR, "centre", "Власова", "Ирина"),
    Login("doctor3", Role.DOCTOR, "centre", "Becker", "Anna", "en"),
    Login("supervisor", Role.SUPERVISOR, "centre", "Тұрсынова", "Сәуле"),
    Login("department", Role.HEALTH_DEPARTMENT, "health_department", "Қадыров", "Ерлан"),
    Login("security", Role.SECURITY_OFFICER, "centre", "Мельник", "Олег"),
    Login("admin", Role.ADMINISTRATOR, "centre", "Жақсыбек", "Данияр"),
)

# They are in the rota and are not offered at the sign-in.
MORE_STAFF = (
    Login("operator3", Role.OPERATOR, "centre", "Сәрсенова", "Динара", "kk"),
    Login("operator4", Role.OPERATOR, "centre", "Ким", "Виктория"),
    Login("doctor4", Role.DOCTOR, "centre", "Нұрланұлы", "Бауыржан", "kk"),
    Login("doctor5", Role.DOCTOR, "centre", "Әбенова", "Гүлмира", "kk"),
    Login("doctor6", Role.DOCTOR, "centre", "Юсупов", "Рустам", "kk"),
)


@dataclass(frozen=True)
class City:
    """What stands in the city, by the keys of the data files, and who works there, by user name."""

    organisations: dict[str, Organisation]
    districts: dict[str, District]
    users: dict[str, User]
    at_centre: dict[Role, tuple[str, ...]]

    @property
    def centre(self) -> Organisation:
        """The telemedicine centre."""
        return self.organisations["centre"]

    def actor(self, username: str, *, now: datetime) -> Actor:
        """Who somebody is at a moment."""
        return actor_of(self.users[username], now=now)

    def staff(self, role: Role) -> tuple[str, ...]:
        """The user names of those who are something at the centre."""
        return self.at_centre[role]

    def receiver(self, clinic: Organisation, *, now: datetime) -> Actor:
        """Who receives requests at a clinic."""
        key = next(key for key, organisation in self.organisations.items() if organisation == clinic)
        return self.actor(receiver_of(key), now=now)


def receiver_of(clinic: str) -> str:
    """`polyclinic_101` -> `clinic101`."""
    return f"clinic{clinic.rpartition('_')[2]}"


def logins() -> list[Login]:
    """Everybody who can sign in: the centre's staff, and two at each clinic."""
    clinics = [row["key"] for row in load("clinics") if row["kind"] == Kind.POLYCLINIC]
    names = load("names")["kk"]
    found = [*STAFF, *MORE_STAFF]
    for place, key in enumerate(clinics):
        family, given = names["family_female"][place], names["given_female"][place]
        found.append(Login(receiver_of(key), Role.CLINIC_RECEIVER, key, family, given, "kk" if place % 2 else "ru"))
    for place, key in enumerate(clinics):
        family, given = names["family_male"][-place - 1], names["given_male"][-place - 1]
        found.append(Login(f"head{key.rpartition('_')[2]}", Role.HEAD_OF_CLINIC, key, family, given))
    return found


def build(*, now: datetime, more: tuple[Login, ...] = ()) -> City:
    """Organisations, catchments and staff; `more`: people of the centre beside those of the demo."""
    districts = {district.kato: district for district in District.objects.all()}
    organisations = {row["key"]: _organisation(row, districts, now=now) for row in load("clinics")}
    _catchments(organisations, districts)
    people = [*logins(), *more]
    password = Hashed(make_password(PASSWORD))
    users = {login.username: _user(login, organisations, password, now=now) for login in people}
    return City(organisations, districts, users, at_centre(people))


def at_centre(people: Iterable[Login]) -> dict[Role, tuple[str, ...]]:
    """Who is what at the centre."""
    roles = {login.role for login in people if login.organisation == "centre"}
    return {role: tuple(login.username for login in people if login.role == role) for role in roles}


def standing() -> City:
    """The city that was built before."""
    organisations = {row.name_ru: row for row in Organisation.objects.all()}
    users = {user.username: user for user in User.objects.all()}
    held = RoleAt.objects.filter(organisation__kind=Kind.TELEMEDICINE_CENTRE).order_by("pk")
    roles: dict[Role, tuple[str, ...]] = {}
    for name, role in held.values_list("user__username", "role"):
        roles[Role(role)] = (*roles.get(Role(role), ()), name)
    found = {row["key"]: organisations[row["ru"]] for row in load("clinics")}
    return City(found, {district.kato: district for district in District.objects.all()}, users, roles)


def _organisation(row: dict[str, str], districts: dict[str, District], *, now: datetime) -> Organisation:
    return register_organisation(
        name=Name(kk=row["kk"], ru=row["ru"], en=row["en"]),
        kind=Kind(row["kind"]),
        level=Level(row["level"]),
        district=districts[row["district"]],
        duty_phone=row["phone"],
        by=WORKER,
        now=now,
    )


def _catchments(organisations: dict[str, Organisation], districts: dict[str, District]) -> None:
    """Each street in both spellings; the first clinic of a district also answers for the rest of it."""
    for row in load("streets"):
        for street in (row["kk"], row["ru"]):
            put_catchment(clinic=organisations[row["clinic"]], district=districts[row["district"]], street=street)
    for organisation in reversed(organisations.values()):
        if organisation.kind == Kind.POLYCLINIC and organisation.district:
            put_catchment(clinic=organisation, district=organisation.district)


def _user(login: Login, organisations: dict[str, Organisation], password: Hashed, *, now: datetime) -> User:
    user = create_user(
        username=login.username,
        password=password,
        family_name=login.family_name,
        given_name=login.given_name,
        language=login.language,
        by=WORKER,
        now=now,
    )
    give_role(user=user, role=login.role, organisation=organisations[login.organisation], by=WORKER, now=now)
    return user
