"""A clinic's list of its people under observation among many others: how long it takes, that no table is read whole.

`make bench-observed` writes docs/figures/observed.md.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

import psycopg
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.handovers.observed import at_clinic, streets, under_observation
from medet.monitoring.models import DueContact, Enrolment
from medet.people.models import Address, Attachment, Person, Phone
from medet.places.models import Catchment, District
from medet.places.states import Kind
from medet.records.models import Case
from tests import make
from tests.bench.intake import backend_seconds
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.prove import figures
from tests.prove.house import own_cluster

CLINICS, DISTRICTS, STREETS = 40, 8, 400
ACTIVE, ENDED, CONTACTS = 50_000, 150_000, 6  # observations; contacts of each
TIMES = 15
# A seventh of the streets is nobody's by name and goes by the district; one person in fifty has no address.
LARGE = {"monitoring_enrolment", "monitoring_duecontact", "people_person", "people_address", "people_attachment"}


KEYED: tuple[type[Model], ...] = (
    Person,
    Case,
    Enrolment,
)  # whose keys others name; a copy's key is the original's plus its number
# One in fifty is a second record of somebody.
MERGES = "update people_person set root_id = id - 1 where id % 50 = 7 and id > (select min(id) from people_person)"


class Copies:
    """Copies of the one row a table has: `n` is the number of the copy, `s` the original."""

    def __init__(self, owner: psycopg.Connection[Any], people: int) -> None:
        self.owner, self.people = owner, people
        self.top = {model: self._one(f"select max(id) from {model._meta.db_table}") for model in KEYED}

    def _one(self, query: str) -> int:
        row = self.owner.execute(query).fetchone()
        return int(row[0]) if row else 0

    def key(self, model: type[Model]) -> str:
        """Of the copy with the same number in another table."""
        return f"({self.top[model]} + n)"

    def of(self, model: type[Model], where: str = "true", times: int = 1, **changed: str) -> None:
        """Writes them, with these columns said anew."""
        table, columns = model._meta.db_table, [field.column for field in model._meta.local_concrete_fields]
        values = {name: f's."{name}"' for name in columns if name != "id"} | changed
        if "uid" in values:
            values["uid"] = "gen_random_uuid()"
        if model in KEYED:
            values["id"] = self.key(model)
        named = ", ".join(f'"{name}"' for name in values)
        self.owner.execute(
            f"insert into {table} ({named}) select {', '.join(values.values())}"
            f" from (select * from {table} order by id limit 1) s,"
            f" generate_series(1, {self.people}) n, generate_series(1, {times}) again where {where}"
        )


def fill(people: int, active: int) -> None:
    """Copies of the one person there is, the first `active` of them under observation, spread over the city."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"]) as owner:
        copies = Copies(owner, people)
        _persons(copies)
        _observations(copies, f"n <= {active}")
        owner.execute(MERGES)


def _persons(copies: Copies) -> None:
    person = copies.key(Person)
    district = f"(select (array_agg(id order by id))[1 + n % {DISTRICTS}] from places_district)"
    clinics = "places_organisation where kind = 'polyclinic'"
    clinic = f"(select (array_agg(id order by id))[1 + n % {CLINICS}] from {clinics})"
    copies.of(Person, root_id=person, iin_hash="null", iin_cipher="null", temporary_number="'T' || n")
    copies.of(
        Address,
        where="n % 50 <> 0",
        person_id=person,
        district_id=district,
        street=f"'Көше ' || n % {STREETS}",
        street_fold=f"'коше' || n % {STREETS}",
        house="1 + n % 90",
        flat="1 + n % 120",
    )
    copies.of(Attachment, person_id=person, clinic_id=clinic)
    copies.of(Phone, person_id=person, number="'+77' || lpad(n::text, 9, '0')")


def _observations(copies: Copies, is_active: str) -> None:
    person = copies.key(Person)
    copies.of(
        Case,
        person_id=person,
        state=f"case when {is_active} then 'at_home' else 'recovered' end",
        ended_at=f"case when {is_active} then null else s.opened_at end",
    )
    copies.of(
        Enrolment,
        person_id=person,
        case_id=copies.key(Case),
        state=f"case when {is_active} then 'active' else 'ended' end",
        ended_at=f"case when {is_active} then null else now() end",
    )
    today = "(array['planned', 'handed', 'done'])[1 + n % 3]"
    copies.of(
        DueContact,
        times=CONTACTS,
        person_id=person,
        enrolment_id=copies.key(Enrolment),
        on='s."on" - (again - 1)',
        state=f"case when again = 1 and {is_active} then {today} else 'done' end",
    )


def places(town: make.City) -> None:
    """Districts, clinics, and who answers for which street."""
    region = town.centre.region
    districts = [town.district, *(
        District.objects.create(region=region, kato=f"7599{number:05d}", name_kk="А", name_ru="А", name_en="A")
        for number in range(DISTRICTS - 1)
    )]  # fmt: skip
    names = (f"Clinic {number:02d}" for number in range(100, 100 + CLINICS - 2))
    clinics = [town.clinic, town.other_clinic, *(make.organisation(name, Kind.POLYCLINIC, region) for name in names)]
    Catchment.objects.all().delete()
    for number, district in enumerate(districts):
        Catchment.objects.create(clinic=clinics[number], district=district)
    Catchment.objects.bulk_create(
        Catchment(
            clinic=clinics[street % CLINICS],
            district=districts[street % DISTRICTS],
            street=f"Көше {street}",
            street_fold=f"коше{street}",
        )
        for street in range(STREETS)
        if street % 7
    )


def plans(work: Callable[[], object]) -> list[str]:
    """The plan of every statement of some work that asks the view, with its time."""
    with CaptureQueriesContext(connection) as taken:
        work()
    asked = [query["sql"] for query in taken if 'FROM "handovers_observed"' in query["sql"]]
    assert asked
    with connection.cursor() as cursor:
        return [_explained(cursor, statement) for statement in asked]


def _explained(cursor: object, statement: str) -> str:
    cursor.execute(f"explain (analyze, costs off) {statement}")  # type: ignore[attr-defined]
    return "\n".join(line for (line,) in cursor.fetchall())  # type: ignore[attr-defined]


def read_whole(plan: str) -> list[str]:
    """Large tables that a plan reads from end to end."""
    return [table for table in re.findall(r"Seq Scan on (\w+)", plan) if table in LARGE]


def main() -> int:
    """Fills, measures, writes the table."""
    at = now()
    with (
        own_cluster() as postgres,
        TestDatabases(postgres).copy() as addresses,
        pointed_at(addresses),
    ):
        with scope(WORKER):
            town = make.city(now=at)
            make.observed(town, make.person(town, now=at), now=at)
            places(town)
        fill(ACTIVE + ENDED, ACTIVE)
        with psycopg.connect(addresses["MEDET_OWNER_URL"], autocommit=True) as owner:
            owner.execute("vacuum analyze")
        dana = town.actor("dana", now=at)
        works: dict[str, Callable[[], object]] = {
            "how many (count of the tab)": lambda: at_clinic(dana).count(),
            "the first page, 101 rows": lambda: list(under_observation(dana, now=at)[:101]),
            "how many on each street": lambda: streets(dana),
        }
        rows = []
        with scope(dana):
            people = at_clinic(dana).count()
            for name, work in works.items():
                work()  # warms the caches; not counted
                taken, worked = [], backend_seconds()
                for _ in range(TIMES):
                    begun = time.perf_counter()
                    work()
                    taken.append((time.perf_counter() - begun) * 1000)
                worked = (backend_seconds() - worked) * 1000 / TIMES
                seen = plans(work)
                if "-v" in sys.argv:
                    print(name, *seen, sep="\n")
                whole = sorted({table for plan in seen for table in read_whole(plan)})
                rows.append(
                    (
                        name,
                        f"{worked:.0f}",
                        f"{figures.quantile(taken, 0.5):.0f}",
                        f"{max(taken):.0f}",
                        ", ".join(whole) or "none",
                    )
                )
    head = ("of one clinic, ms", "processor of PostgreSQL", "median", "longest", "large tables read whole")
    body = figures.table(head, rows) + (
        f"\n\n{ACTIVE} people under observation and {ENDED} whose observation has ended, {CONTACTS} contacts each;"
        f" {CLINICS} clinics, of which this one has {people} under observation. {TIMES} runs each."
    )
    figures.keep("observed", title="A clinic's people under observation", body=body)
    return int(any(row[-1] != "none" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
