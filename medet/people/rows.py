"""What a new row of the room holds. The action for one (`actions.py`) and the one for many (`many.py`) both write it,
so neither can know more than the other."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from medet.base import secret
from medet.base.ids import uuid7
from medet.base.iin import parse as parse_iin
from medet.base.names import fold, fold_street, sort_key
from medet.base.refused import Refused
from medet.people.states import Language, PhoneState, Sex, Whose
from medet.places.models import District

FOLD_LENGTH = 80  # folding can lengthen a name: one letter may become two
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is known of somebody when they are registered; `iin` may be missing (domain §3)."""

    family_name: str
    given_name: str
    patronymic: str = ""
    iin: str | None = None
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    language: Language = Language.RU


@dataclass(frozen=True, kw_only=True)
class Door:
    """An actual address as a visiting doctor needs it."""

    district: District
    street: str
    house: str
    flat: str = ""
    entrance: str = ""
    floor: str = ""
    intercom: str = ""
    note: str = ""


def person_row(identity: Identity, *, key: int, organisation_id: int, now: datetime) -> Row:
    """Somebody new, who is their own root; refuses an IIN that is wrong."""
    if not identity.family_name.strip() or not identity.given_name.strip():
        raise Refused("person.name_missing")
    return {
        "id": key,
        "uid": uuid7(),
        "root_id": key,
        "organisation_id": organisation_id,
        "family_name": identity.family_name.strip(),
        "given_name": identity.given_name.strip(),
        "patronymic": identity.patronymic.strip(),
        "name_sort": sort_key(f"{identity.family_name} {identity.given_name} {identity.patronymic}".strip(), "kk"),
        "family_fold": fold(identity.family_name)[:FOLD_LENGTH],
        "given_fold": fold(identity.given_name)[:FOLD_LENGTH],
        "patronymic_fold": fold(identity.patronymic)[:FOLD_LENGTH],
        "birth_date": identity.birth_date,
        "sex": identity.sex,
        "language": identity.language,
        "created_at": now,
        **_number(identity.iin, key, now),
    }


def _number(iin: str | None, key: int, now: datetime) -> Row:
    if not iin:
        return {"temporary_number": f"T-{now.year}-{key:06d}", "iin_cipher": None, "iin_hash": None}
    digits = parse_iin(iin).digits
    return {"temporary_number": "", "iin_cipher": secret.encrypt(digits), "iin_hash": secret.keyed_hash(digits)}


def document_row(person_id: int, number: str) -> Row:
    """A paper by which somebody is found again."""
    return {"person_id": person_id, "number_hash": secret.keyed_hash(number), "number_cipher": secret.encrypt(number)}


def phone_row(person_id: int, number: str, *, whose: Whose = Whose.OWN, position: int) -> Row:
    """A number nobody has tried yet, in the form of base/phones.py, after those already known."""
    return {
        "uid": uuid7(), "person_id": person_id, "number": number, "whose": whose, "position": position,
        "state": PhoneState.UNCHECKED,
    }  # fmt: skip


def address_row(person_id: int, door: Door, *, now: datetime) -> Row:
    """Where somebody is from now on."""
    said = {name: value for name, value in vars(door).items() if name != "district"}
    folded = fold_street(door.street)
    return {"person_id": person_id, "district_id": door.district.pk, "street_fold": folded, "valid_from": now, **said}


def attachment_row(person_id: int, clinic_id: int, *, basis: str, now: datetime) -> Row:
    """To which clinic somebody is attached from now on."""
    return {"person_id": person_id, "clinic_id": clinic_id, "basis": basis, "valid_from": now}


def episode_row(*, person_id: int, organisation_id: int, reason: str, object_uid: UUID, now: datetime) -> Row:
    """Why an organisation may see a person from now on."""
    return {
        "person_id": person_id, "organisation_id": organisation_id, "reason": reason, "object_uid": object_uid,
        "since": now,
    }  # fmt: skip
