"""The only writers of places. Reference data comes from files and is brought up to date by writing it again."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.names import fold_street
from medet.places.models import FIRST_LANGUAGE, Catchment, District, Organisation, Region
from medet.places.states import Kind, Level


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name in the three languages."""

    kk: str
    ru: str
    en: str

    @property
    def columns(self) -> dict[str, str]:
        """As the tables hold it."""
        return {"name_kk": self.kk, "name_ru": self.ru, "name_en": self.en}


@transaction.atomic
def put_region(*, kato: str, name: Name, valid_from: date | None) -> Region:
    """A region by its КАТО, with the name of today."""
    return Region.objects.update_or_create(kato=kato, defaults={**name.columns, "valid_from": valid_from})[0]


@transaction.atomic
def put_district(*, region: Region, kato: str, name: Name, valid_from: date | None = None) -> District:
    """A district by its КАТО, with the name of today."""
    values = {**name.columns, "region": region, "valid_from": valid_from}
    return District.objects.update_or_create(kato=kato, defaults=values)[0]


@transaction.atomic
def register_organisation(
    *,
    name: Name,
    kind: Kind,
    level: Level,
    district: District,
    duty_phone: str = "",
    duty_language: str = FIRST_LANGUAGE,
    by: Actor,
    now: datetime,
) -> Organisation:
    """A new organisation in a district."""
    organisation = Organisation.objects.create(
        **name.columns,
        kind=kind,
        level=level,
        region=district.region,
        district=district,
        duty_phone=duty_phone,
        duty_language=duty_language,
    )
    journal.append(
        kind="organisation.registered",
        by=by,
        now=now,
        object_uid=organisation.uid,
        organisation_id=organisation.pk,
        code=kind,
    )
    return organisation


@transaction.atomic
def put_catchment(*, clinic: Organisation, district: District, street: str = "") -> Catchment:
    """The clinic that answers for a street, or for what is left of a district when no street is named."""
    values = {"clinic": clinic, "street": street}
    return Catchment.objects.update_or_create(
        district=district, street_fold=fold_street(street) if street else "", defaults=values
    )[0]


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    name: Name,
    kind: Kind,
    level: Level,
    district: District,
    duty_phone: str,
    duty_language: str,
    by: Actor,
    now: datetime,
) -> None:
    """Its data as they are from now on; what was recorded before keeps its own words."""
    values = {**name.columns, "kind": kind, "level": level, "district": district, "region": district.region}
    Organisation.objects.filter(pk=organisation.pk).update(**values, duty_phone=duty_phone, duty_language=duty_language)
    journal.append(
        kind="organisation.changed", by=by, now=now, object_uid=organisation.uid, organisation_id=organisation.pk
    )


@transaction.atomic
def drop_catchment(*, catchment: Catchment, by: Actor, now: datetime) -> None:
    """The clinic answers for this street no longer; new cases there go by what is left."""
    clinic = catchment.clinic
    catchment.delete()
    journal.append(kind="catchment.dropped", by=by, now=now, object_uid=clinic.uid, organisation_id=clinic.pk)
