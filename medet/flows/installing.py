"""How an installation gets its organisations and users, from a command, a page or a list: by the same actions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medet.base import audit
from medet.base.actor import Actor
from medet.base.refused import Refused, register
from medet.places.actions import Name, change_organisation, put_catchment, put_district, register_organisation
from medet.places.models import FIRST_LANGUAGE, District, Organisation, Region
from medet.places.states import PRIMARY_CARE, Kind, Level
from medet.staff.actions import create_user, deactivate_user, end_role, give_role, let_in_again, set_speaks
from medet.staff.models import User
from medet.staff.states import Role

KATO_DIGITS = 9
HOUSES = (Kind.TELEMEDICINE_CENTRE, Kind.NATIONAL_CENTRE)

register(
    {
        "install.district": _("There is no district with the code %(kato)s; a new one needs 9 digits and its names."),
        "install.region": _("There is no region with the code %(kato)s."),
        "install.other_region": _("The district %(district)s lies in another region than %(region)s."),
        "install.no_catchment": _("Only a clinic of primary care answers for streets."),
        "install.organisation": _("There is no organisation, or more than one, called %(wanted)s: give its uid."),
        "install.user_exists": _("There is a user %(username)s already."),
        "install.no_user": _("There is no user %(username)s."),
        "install.role_where": _("Name a role and its organisation, or neither of them."),
        "install.keeper": _("An administrator belongs to a telemedicine centre or the national centre."),
        "install.last_keeper": _("This is the last administrator: give the role to somebody else first."),
        "install.password": _("This password cannot be taken: %(why)s"),
    }
)


def create_organisation(
    *,
    name: Name,
    kind: Kind,
    level: Level,
    region: str,
    district: str,
    district_name: Name | None,
    streets: Sequence[str] = (),
    duty_phone: str = "",
    duty_language: str = FIRST_LANGUAGE,
    by: Actor,
    now: datetime,
) -> Organisation:
    """An organisation of a district, and for a clinic the streets it answers for."""
    if streets and kind not in PRIMARY_CARE:
        raise Refused("install.no_catchment")
    place = district_of(region, district, district_name)
    made = register_organisation(
        name=name,
        kind=kind,
        level=level,
        district=place,
        duty_phone=duty_phone,
        duty_language=duty_language,
        by=by,
        now=now,
    )
    for street in streets:
        put_catchment(clinic=made, district=place, street=street)
    return made


def district_of(code: str, kato: str, name: Name | None) -> District:
    """The shipped files know few districts: one that is named is added."""
    region = Region.objects.filter(kato=code).first()
    if region is None:
        raise Refused("install.region", kato=code)
    found = District.objects.filter(kato=kato).first()
    if found is None and name and kato.isdecimal() and len(kato) == KATO_DIGITS:
        found = put_district(region=region, kato=kato, name=name)
    if found is None:
        raise Refused("install.district", kato=kato)
    if found.region_id != region.pk:
        raise Refused("install.other_region", district=kato, region=code)
    return found


def update_organisation(
    *,
    organisation: Organisation,
    region: str,
    district: str,
    district_name: Name | None,
    by: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """Its data as they are from now on."""
    place = district_of(region, district, district_name)
    change_organisation(organisation=organisation, **data, district=place, by=by, now=now)
    audit.record(by=by, now=now, action="organisation.changed", organisation_id=organisation.pk)


def add_street(*, clinic: Organisation, district: str, street: str, by: Actor, now: datetime) -> None:
    """The clinic answers for it from now on, whoever did before."""
    if clinic.kind not in PRIMARY_CARE:
        raise Refused("install.no_catchment")
    put_catchment(clinic=clinic, district=District.objects.get(kato=district), street=street)
    audit.record(by=by, now=now, action="catchment.put", organisation_id=clinic.pk, street=street)


def organisation_called(wanted: str) -> Organisation:
    """By its uid, or by its name in any of the three languages."""
    rows = [row for row in Organisation.objects.filter(valid_to__isnull=True) if wanted in called(row)]
    if len(rows) != 1:
        raise Refused("install.organisation", wanted=wanted)
    return rows[0]


def called(organisation: Organisation) -> frozenset[str]:
    """Everything an organisation answers to."""
    return frozenset({str(organisation.uid), organisation.name_kk, organisation.name_ru, organisation.name_en})


def create_staff(
    *,
    username: str,
    names: tuple[str, str],
    language: str,
    roles: Sequence[Role],
    at: Organisation,
    password: str | None,
    speaks: Sequence[str] = (),
    patronymic: str = "",
    by: Actor,
    now: datetime,
) -> User:
    """A user with roles at one organisation; without a password they wait for their invitation."""
    if User.objects.filter(username=username).exists():
        raise Refused("install.user_exists", username=username)
    if password is not None:
        check_password(password, username=username, family_name=names[0], given_name=names[1])
    check_roles(roles, at)
    user = create_user(
        username=username,
        password=password,
        family_name=names[0],
        given_name=names[1],
        patronymic=patronymic,
        language=language,
        by=by,
        now=now,
    )
    if speaks:
        set_speaks(user=user, languages=speaks, by=by, now=now)
    for role in roles:
        give_role(user=user, role=role, organisation=at, by=by, now=now)
    audit.record(by=by, now=now, action="user.created", object_uid=user.uid, organisation_id=at.pk, roles=[*roles])
    return user


def grant(*, user: User, role: Role, at: Organisation, by: Actor, now: datetime) -> None:
    """One more role at an organisation."""
    check_roles([role], at)
    give_role(user=user, role=role, organisation=at, by=by, now=now)
    audit.record(by=by, now=now, action="role.given", object_uid=user.uid, organisation_id=at.pk, role=str(role))


def speak_with_patients(*, user: User, languages: Sequence[str], by: Actor, now: datetime) -> None:
    """Which languages somebody talks to patients in: the rota and the calls go by it."""
    set_speaks(user=user, languages=languages, by=by, now=now)


def let_back(*, user: User, by: Actor, now: datetime) -> None:
    """An ended account is open again."""
    if let_in_again(user=user, by=by, now=now):
        audit.record(by=by, now=now, action="user.let_in_again", object_uid=user.uid)


def check_roles(roles: Sequence[Role], at: Organisation) -> None:
    """Whoever administers rules over the whole installation: nobody does that from a clinic's house."""
    if Role.ADMINISTRATOR in roles and at.kind not in HOUSES:
        raise Refused("install.keeper")


def end_access(*, username: str, role: Role | None, at: Organisation | None, by: Actor, now: datetime) -> bool:
    """Ends one role at one organisation, or with neither the whole account; False when nothing was held."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused("install.no_user", username=username)
    if bool(role) != bool(at):
        raise Refused("install.role_where")
    if role in (Role.ADMINISTRATOR, None) and _is_last_keeper(user):
        raise Refused("install.last_keeper")
    if role and at:
        ended = end_role(user=user, role=role, organisation=at, by=by, now=now)
    else:
        ended = deactivate_user(user=user, by=by, now=now)
    if ended:
        where = at.pk if at else None
        audit.record(
            by=by, now=now, action="user.ended", object_uid=user.uid, organisation_id=where, role=role or "all"
        )
    return ended


def _is_last_keeper(user: User) -> bool:
    """An installation that nobody can administer could only be mended on its machine."""
    keepers = User.objects.filter(roles__role=Role.ADMINISTRATOR, roles__valid_to__isnull=True, is_active=True)
    return keepers.filter(pk=user.pk).exists() and not keepers.exclude(pk=user.pk).exists()


def check_password(password: str, **about: str) -> None:
    """Long, not a common one, not the user's name; only made-up staff may have a simple one."""
    if settings.DEMO:
        return
    try:
        validate_password(password, User(**about))
    except ValidationError as faults:
        raise Refused("install.password", why=" ".join(faults.messages)) from faults
