"""What every installation starts with: regions, districts, limits, programmes, and what a newer release reads out of
older data. Loading it again changes nothing."""

from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder

from medet import places
from medet.base import policy
from medet.base.actor import WORKER
from medet.base.yamls import read
from medet.flows.earlier_tests import record_earlier_tests
from medet.monitoring.actions import FOLDER, load_programme
from medet.monitoring.schema import read_programme
from medet.places.actions import Name, put_district, put_region

# From then on a list's results stand in the cases they are about.
LABORATORY = {"app": "records", "name": "0006_laboratory"}
REGIONS = Path(places.__file__).parent / "data" / "regions.yaml"


def load_reference(*, now: datetime) -> None:
    """Brings regions, limits and programmes to the state of the shipped files."""
    policy.seed(apps, None)  # limits that a newer release added
    load_regions()
    for path in sorted(FOLDER.glob("*.yaml")):
        load_programme(file=read_programme(path), by=WORKER, now=now)
    for applied in MigrationRecorder.Migration.objects.filter(**LABORATORY).values_list("applied", flat=True):
        record_earlier_tests(before=applied, by=WORKER, now=now)


def load_regions() -> None:
    """The 20 regions, and the districts of those that have any in the file."""
    for row in read(REGIONS):
        region = put_region(kato=row["kato"], name=_name(row), valid_from=row["valid_from"])
        for district in row.get("districts", ()):
            put_district(region=region, kato=district["kato"], name=_name(district))


def _name(row: dict[str, str]) -> Name:
    return Name(kk=row["kk"], ru=row["ru"], en=row["en"])
