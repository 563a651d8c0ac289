"""The plan of a day for many enrolled, and the operator's worklist when very many tasks are open.

`make bench-monitoring` writes docs/figures/monitoring.md; `python -m tests.bench.monitoring 2000` prints a small one.
Everybody is copied in SQL from one person who went through the actions: to fill through them would take hours.
"""

import os
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

import tests.prove.ready  # noqa: F401
from medet.base.actor import WORKER
from medet.base.clock import LOCAL
from medet.base.scope import scope
from medet.flows.hand_contact import hand_contact
from medet.flows.plan_day import plan_day
from medet.monitoring.models import DueContact, Enrolment
from medet.tasks.models import Task
from medet.tasks.states import Weight
from tests import make
from tests.bench.copies import Copies
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.live import pages
from tests.live import running as live
from tests.prove import figures
from tests.prove.house import own_cluster

ENROLLED, MANY, TASKS = 50_000, 1_000_000, 50_000
LIMIT_S, MANY_LIMIT_S, PAGE_LIMIT_MS = 10.0, 120.0, 100.0
TURN_LIMIT_S = 10.0  # of the 30 s until the next: doctors' tasks and seals turn in the same thread
ASKED = 200  # times each page
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = {
    "the desk, a whole page": ("/operator/", {}),
    "the list alone, as it refreshes itself": ("/operator/", {"HX-Request": "true", "HX-Target": "queue"}),
    "the list of those not reached": ("/operator/?tab=not_reached", {"HX-Request": "true", "HX-Target": "queue"}),
}


def watched(count: int, first: Enrolment) -> None:
    """As many people under observation as that, all of one centre; statistics as autovacuum would have them."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"], autocommit=True) as owner:
        copies = Copies(owner, count)
        with scope(WORKER):
            person, case, line = first.person, first.case, first.person.phones.get()
        names = {"family_name": "family_name || n", "temporary_number": "'T' || {new}", "iin_hash": "null"}
        people = copies.of("people_person", person.pk, {"root_id": "{new}", "iin_cipher": "null", **names})
        phone = {"person_id": people, "number": "'+77' || lpad({new}::text, 9, '0')"}
        copies.of("people_phone", line.pk, phone)
        cases = copies.of("records_case", case.pk, {"person_id": people})
        copies.of("monitoring_enrolment", first.pk, {"case_id": cases, "person_id": people})
        owner.execute("vacuum analyze")


def waiting(count: int, due: DueContact) -> None:
    """As many open tasks as that, one a person, of which every fiftieth is grave and every third is late."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"], autocommit=True) as owner:
        with scope(WORKER):
            hand_contact(due=due, reason="not_reached", by=WORKER, now=make.NOON)
            task = Task.objects.get(reason="not_reached")
        whom = "(select id from people_person order by id limit 1) + n"
        values = {
            "about_uid": "gen_random_uuid()",
            "person_id": whom,
            "weight": f"case when n % 50 = 0 then {Weight.RED} else {Weight.PLAIN} end",
            "due_at": "due_at + (n % 900 - 300) * interval '1 minute'",
        }
        Copies(owner, count).of("tasks_task", task.pk, values)
        owner.execute("vacuum analyze")


def planned(day: datetime, looked: datetime | None = None) -> tuple[int, float]:
    """One turn of the planner's loop: how many contacts were new, and the seconds."""
    begun = time.monotonic()
    with scope(WORKER):
        made = plan_day(day=day.astimezone(LOCAL).date(), by=WORKER, now=day, looked=looked)
    return made, time.monotonic() - begun


def rows() -> tuple[int, int]:
    """Contacts and call orders there are."""
    with connection.cursor() as cursor, scope(WORKER):
        cursor.execute("select (select count(*) from monitoring_duecontact), (select count(*) from contacts_callorder)")
        return tuple(cursor.fetchone())


def plan(count: int, day: datetime, limit: float) -> Iterator[tuple[str, str]]:
    """The first turn of a day and the second, which must change nothing; then at 10:00, when everybody waits for a
    call: a turn that looks at everybody, as twice an hour, and one as every 30 s."""
    made, first = planned(day)
    before = rows()
    again, second = planned(day)
    verdict = "ok" if first <= limit and made >= count and (again, rows()) == (0, before) else "FAULT"
    yield (
        f"plan of a day for {count} enrolled: contacts made",
        f"{made} in {first:.1f} s ({verdict}, limit {limit:g} s)",
    )
    yield "the same day once more", f"{again} contacts in {second:.1f} s, orders {before[1]} as before"
    ten = day + timedelta(hours=4)
    _, everybody = planned(ten)
    turns = [planned(ten + timedelta(seconds=30 * number), looked=ten)[1] for number in range(1, 6)]
    steady = figures.quantile(turns, 0.5)
    verdict = "ok" if rows() == before and steady <= TURN_LIMIT_S else "FAULT"
    yield (
        f"at 10:00, {count} wait for their call: a turn that looks at everybody, and one between",
        f"{everybody:.2f} and {steady:.2f} s ({verdict}, limit {TURN_LIMIT_S:g} s)",
    )


def session(town: make.City, name: str) -> str:
    """Somebody of the cast who has signed in."""
    user, store = town.users[name], SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def asked(address: str, key: str, headers: Mapping[str, str]) -> list[float]:
    """Milliseconds of each request over HTTP, one after the other; the first five warm up."""
    took = []
    for _ in range(ASKED + 5):
        begun = time.perf_counter()
        request = urllib.request.Request(address, headers={"Cookie": f"sessionid={key}", **headers})
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
            assert answer.status == 200
            assert b"data-worklist" in content, "the list itself"
        took.append((time.perf_counter() - begun) * 1000)
    return took[5:]


def worklist(town: make.City, folder: Path, addresses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The operator's pages from a server process of the product."""
    env = {**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "medet.settings"}
    with live.medet(env, folder) as running:
        address, key = pages.serve(running), session(town, "aigerim")
        for what, (path, headers) in PAGES.items():
            took = asked(address + path, key, headers)
            median, late = figures.quantile(took, 0.5), figures.quantile(took, 0.95)
            verdict = "ok" if late <= PAGE_LIMIT_MS else "FAULT"
            yield f"{what}, p50 and p95", f"{median:.0f} and {late:.0f} ms ({verdict}, limit {PAGE_LIMIT_MS:g} ms)"


def measured(addresses: Mapping[str, str], enrolled: int, many: int, tasks: int) -> Iterator[tuple[str, str]]:
    """Everything, line by line, the dear part last."""
    dawn = datetime.combine(make.NOON.astimezone(LOCAL).date(), day_time(6), LOCAL)
    with scope(WORKER):
        town = make.city(now=dawn - timedelta(days=1))
        first = make.observed(town, make.person(town, now=dawn), now=dawn)
        due = DueContact.objects.get(enrolment=first)
    watched(enrolled, first)
    yield from plan(enrolled, dawn + timedelta(days=1), LIMIT_S)
    waiting(tasks, due)
    with TemporaryDirectory(prefix="medet-bench-") as folder:
        yield "open tasks of the worklist", str(tasks)
        yield from worklist(town, Path(folder), addresses)
    watched(many - enrolled, first)
    yield from plan(many, dawn + timedelta(days=2), MANY_LIMIT_S)


def main(enrolled: int, many: int, tasks: int) -> int:
    """Runs it and keeps the figures."""
    begun, found = os.getloadavg()[0], []
    with own_cluster() as postgres, TestDatabases(postgres).copy() as addresses, pointed_at(addresses):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        for line in measured(addresses, enrolled, many, tasks):
            print(": ".join(line), file=sys.stderr, flush=True)
            found.append(line)
    found.append(("load average at the beginning", f"{begun:.1f}"))
    body = figures.table(("what", "figure"), found)
    if enrolled == ENROLLED:
        figures.keep("monitoring", title="The plan of a day, and a long worklist", body=body)
    else:
        print(body)
    return int("FAULT" in body)


if __name__ == "__main__":
    small = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    sys.exit(main(small, 2 * small, small) if small else main(ENROLLED, MANY, TASKS))
