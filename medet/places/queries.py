"""Which clinic answers for an address."""

from typing import NamedTuple

from medet.base.names import fold_street
from medet.places.models import Catchment, District, Organisation, Region
from medet.places.states import PRIMARY_CARE


class ByAddress(NamedTuple):
    """The clinic for an address and by which rule it was found (`street` or `district`)."""

    clinic: Organisation
    rule: str


def clinic_by_address(*, district: District, street: str) -> ByAddress | None:
    """The street's clinic, else the district's; None where no catchment is known."""
    folds = {fold_street(street), ""}
    rows = Catchment.objects.filter(district=district, street_fold__in=folds).select_related("clinic")
    found = {bool(row.street_fold): row.clinic for row in rows}
    if True in found:
        return ByAddress(found[True], "street")
    return ByAddress(found[False], "district") if False in found else None


def primary_care(region: Region) -> list[Organisation]:
    """The clinics of a region that make home visits, by name."""
    rows = Organisation.objects.filter(region=region, kind__in=PRIMARY_CARE, valid_to__isnull=True)
    return sorted(rows, key=lambda clinic: clinic.name)


def districts() -> list[District]:
    """Every district, by name in the language of the moment."""
    return sorted(District.objects.all(), key=lambda district: district.name)
