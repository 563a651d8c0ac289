"""How a person is reached, as somebody outside says it: what is new is added, what is known stays."""

from dataclasses import dataclass
from datetime import datetime

from medet.base.actor import Actor
from medet.base.names import fold, fold_street
from medet.people.actions import Door, add_phone, attach, set_address
from medet.people.models import Person
from medet.people.queries import address_of, attachment_of, phones_of
from medet.places.models import Catchment, District, Organisation, Region
from medet.places.queries import primary_care


@dataclass(frozen=True, kw_only=True)
class Said:
    """Telephones, address and clinic in somebody else's words."""

    phones: tuple[str, ...] = ()
    district: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    clinic: str = ""


def reach(*, person: Person, said: Said, region: Region, by: Actor, now: datetime, unknown: bool = False) -> list[str]:
    """Writes it down; codes of what could not be understood. `unknown`: registered a moment ago, nothing is known."""
    notes = []
    known = set() if unknown else {phone.number for phone in phones_of(person)}
    for number in said.phones:
        if number not in known:
            add_phone(person=person, number=number, by=by, now=now)
    if said.street and (unknown or not _lives_there(person, said)):
        notes += _set_address(person, said, region, by=by, now=now)
    if said.clinic:
        notes += _attach(person, said.clinic, region, by=by, now=now)
    return notes


def _lives_there(person: Person, said: Said) -> bool:
    now = address_of(person)
    there = (fold_street(said.street), said.house, said.flat)
    return now is not None and there == (fold_street(now.street), now.house, now.flat)


def _set_address(person: Person, said: Said, region: Region, *, by: Actor, now: datetime) -> list[str]:
    district = district_of(said, region)
    if district is None:
        return ["district_unknown"]
    door = Door(district=district, street=said.street, house=said.house, flat=said.flat)
    set_address(person=person, door=door, by=by, now=now)
    return []


def district_of(said: Said, region: Region) -> District | None:
    """By its name or code, else by its street, else the only one there is."""
    districts = list(District.objects.filter(region=region))
    if said.district:
        return next((row for row in districts if _is_called(said.district, row)), None)
    streets = Catchment.objects.filter(district__in=districts, street_fold=fold_street(said.street))
    found = {row.district_id: row.district for row in streets.select_related("district")}
    if len(found) == 1:
        return next(iter(found.values()))
    return districts[0] if len(districts) == 1 else None


def _is_called(text: str, district: District) -> bool:
    """`Ауэзовский р-н`, `Әуезов ауданы`, `Auezov` and the code are one district."""
    said = fold(text.split()[0])
    names = (district.name_kk, district.name_ru, district.name_en)
    return text == district.kato or (len(said) > 2 and any(fold(name).startswith(said[:6]) for name in names))


def clinic_called(text: str, region: Region) -> Organisation | None:
    """The clinic of this name; `ГП 17` and `Поликлиника №17` are one when no other has the number."""
    clinics = primary_care(region)
    same = [row for row in clinics if fold(text) in {fold(row.name_kk), fold(row.name_ru), fold(row.name_en)}]
    number = "".join(sign for sign in text if sign.isdigit())
    if not same and number:
        same = [row for row in clinics if "".join(sign for sign in row.name_ru if sign.isdigit()) == number]
    digits = [row for row in same if number in row.name_ru]
    return digits[0] if len(digits) == 1 else None


def _attach(person: Person, text: str, region: Region, *, by: Actor, now: datetime) -> list[str]:
    clinic = clinic_called(text, region)
    if clinic is None:
        return ["clinic_unknown"]
    known = attachment_of(person)
    if known is None or known.clinic_id != clinic.pk:
        attach(person=person, clinic=clinic, basis="list", by=by, now=now)
    return []
