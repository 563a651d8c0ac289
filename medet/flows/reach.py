"""How a person is reached, as somebody outside says it: what is new is added, what is known stays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from medet.base.actor import Actor
from medet.base.names import fold, fold_street
from medet.people.actions import Door, add_phone, attach, set_address
from medet.people.models import Person
from medet.people.queries import address_of, attachment_of, phones_of
from medet.places.models import Catchment, District, Organisation, Region
from medet.places.queries import primary_care

BASIS = "list"


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
    known = set() if unknown else {phone.number for phone in phones_of(person)}
    for number in said.phones:
        if number not in known:
            add_phone(person=person, number=number, by=by, now=now)
    around = Around.of(region, [said])
    notes: list[str] = []
    if said.street and (unknown or not _lives_there(person, said)):
        door, notes = around.door(said)
        if door:
            set_address(person=person, door=door, by=by, now=now)
    if said.clinic:
        notes = [*notes, *_attach(person, said, around, by=by, now=now)]
    return notes


def _lives_there(person: Person, said: Said) -> bool:
    now = address_of(person)
    there = (fold_street(said.street), said.house, said.flat)
    return now is not None and there == (fold_street(now.street), now.house, now.flat)


def _attach(person: Person, said: Said, around: "Around", *, by: Actor, now: datetime) -> list[str]:
    clinic, notes = around.clinic(said)
    known = attachment_of(person) if clinic else None
    if clinic and (known is None or known.clinic_id != clinic.pk):
        attach(person=person, clinic=clinic, basis=BASIS, by=by, now=now)
    return notes


@dataclass(frozen=True)
class Around:
    """What a region has of the places somebody speaks of: read once for one person or for a thousand."""

    districts: Sequence[District]
    clinics: Sequence[Organisation]
    streets: Mapping[str, frozenset[int]]  # folded street -> districts that have it
    # What was found before: most people of a list say the same.
    _districts: dict[tuple[str, str], District | None] = field(default_factory=dict)
    _clinics: dict[str, Organisation | None] = field(default_factory=dict)

    @classmethod
    def of(cls, region: Region, people: Iterable[Said]) -> "Around":
        """Clinics and streets only where somebody names them."""
        streets = {fold_street(said.street) for said in people if said.street and not said.district}
        named = any(said.clinic for said in people)
        districts = list(District.objects.filter(region=region).order_by("pk"))
        return cls(districts, primary_care(region) if named else [], _streets(districts, streets) if streets else {})

    def door(self, said: Said) -> tuple[Door | None, list[str]]:
        """The address as it is kept, or the code of what is not known of it."""
        district = self.district(said)
        if district is None:
            return None, ["district_unknown"]
        return Door(district=district, street=said.street, house=said.house, flat=said.flat), []

    def district(self, said: Said) -> District | None:
        """By its name or code, else by its street, else the only one there is."""
        asked = (said.district, "" if said.district else said.street)
        if asked not in self._districts:
            self._districts[asked] = self._district(*asked)
        return self._districts[asked]

    def _district(self, name: str, street: str) -> District | None:
        if name:
            return next((row for row in self.districts if _is_called(name, row)), None)
        found = self.streets.get(fold_street(street), frozenset())
        if len(found) == 1:
            return next(row for row in self.districts if row.pk in found)
        return self.districts[0] if len(self.districts) == 1 else None

    def clinic(self, said: Said) -> tuple[Organisation | None, list[str]]:
        """The clinic of this name, or the code of what is not known."""
        if said.clinic not in self._clinics:
            self._clinics[said.clinic] = _called(said.clinic, self.clinics)
        found = self._clinics[said.clinic]
        return found, [] if found else ["clinic_unknown"]


def _called(text: str, clinics: Sequence[Organisation]) -> Organisation | None:
    """`ГП 17` and `Поликлиника №17` are one when no other has the number."""
    same = [row for row in clinics if fold(text) in {fold(row.name_kk), fold(row.name_ru), fold(row.name_en)}]
    number = "".join(sign for sign in text if sign.isdigit())
    if not same and number:
        same = [row for row in clinics if "".join(sign for sign in row.name_ru if sign.isdigit()) == number]
    found = [row for row in same if number in row.name_ru]
    return found[0] if len(found) == 1 else None


def _streets(districts: Sequence[District], folds: Collection[str]) -> dict[str, frozenset[int]]:
    rows = Catchment.objects.filter(district__in=districts, street_fold__in=folds)
    found: dict[str, set[int]] = defaultdict(set)
    for street, district in rows.values_list("street_fold", "district_id"):
        found[street].add(district)
    return {street: frozenset(those) for street, those in found.items()}


def _is_called(text: str, district: District) -> bool:
    """`Ауэзовский р-н`, `Әуезов ауданы`, `Auezov` and the code are one district."""
    said = fold(text.split()[0])
    names = (district.name_kk, district.name_ru, district.name_en)
    return text == district.kato or (len(said) > 2 and any(fold(name).startswith(said[:6]) for name in names))
