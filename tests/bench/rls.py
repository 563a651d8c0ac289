"""What row level security costs: the same queries with and without it in one run, in turns; medians.

`make bench-rls` fills a database with four centres and switches the policies of the tables of migrations
`*_own_organisation` off and on as the owner of the tables.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as day_time
from typing import TypeVar

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

import psycopg
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client, override_settings
from django.urls import reverse

from medet.base.actor import ROBOT, WORKER, Actor
from medet.base.clock import local_day, now
from medet.base.ids import uuid7
from medet.base.scope import scope
from medet.contacts.calls.claim import Manners, claim
from medet.contacts.campaigns.actions import daily_campaign
from medet.contacts.models import CallAttempt, CallOrder
from medet.contacts.states import AttemptOutcome, AttemptState
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.planning import plan_day
from medet.monitoring.queries import windows_over
from medet.people.models import Person, Phone
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.records.models import Case
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.states import TaskState, Weight
from medet.web.doctor.worklist import tasks_of as doctors_tasks
from medet.web.operator.worklist import tasks_of as operators_tasks
from tests import make
from tests.conftest import pointed_at
from tests.database import TestDatabases
from tests.prove import figures
from tests.prove.house import own_cluster

TABLES = (
    "monitoring_enrolment",
    "monitoring_duecontact",
    "monitoring_answers",
    "monitoring_alert",
    "tasks_task",
    "contacts_campaign",
    "contacts_contact",
    "contacts_callorder",
    "contacts_callattempt",
)
CENTRES, PEOPLE, PAST = 4, 1500, 5  # people a centre; attempts and closed tasks of the past a person
BATCH = 500
ROUNDS, TIMES = 7, 5
Row = TypeVar("Row", bound=Model)
LEASE = timedelta(seconds=45)
MANNERS = Manners(
    daily_cap=3, gap=timedelta(hours=2), quiet_start=day_time(0), quiet_end=day_time(23, 59, 59), zone="Asia/Almaty"
)


def fill(town: make.City, at: datetime) -> None:
    """Cases, plans, attempts and tasks of four centres, copied from one person who went through the actions."""
    first = make.observed(town, make.person(town, now=at), now=at)
    others = [
        make.organisation(f"Centre {number}", Kind.TELEMEDICINE_CENTRE, town.centre.region)
        for number in range(2, CENTRES + 1)
    ]
    for centre in (town.centre, *others):
        for _ in range(PEOPLE // BATCH):
            _people(first, centre, BATCH, at)


def _people(first: Enrolment, centre: Organisation, count: int, at: datetime) -> None:
    keys = Person.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    people = [
        _copy(first.person, pk=keys + place, root_id=keys + place, organisation=centre, iin_hash=None,
              iin_cipher=None, temporary_number=f"T{keys + place}")
        for place in range(count)
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    numbers = [f"+77{person.pk:09d}" for person in people]
    phones = [Phone(person=person, number=number) for person, number in zip(people, numbers, strict=True)]
    Phone.objects.bulk_create(phones)
    cases = Case.objects.bulk_create([_copy(first.case, person=person, organisation=centre) for person in people])
    watched = Enrolment.objects.bulk_create(
        [_copy(first, case=case, person=case.person, organisation=centre) for case in cases]
    )
    window = {"window_start": at - timedelta(hours=1), "window_end": at + timedelta(hours=6)}
    today = DueContact.objects.get(enrolment=first)
    due = DueContact.objects.bulk_create(
        [_copy(today, enrolment=row, person=row.person, organisation=centre, **window) for row in watched]
    )
    campaign = daily_campaign(organisation_id=centre.pk, on=today.on, by=WORKER, now=at)
    orders = CallOrder.objects.bulk_create([_order(row, campaign.pk, at) for row in due])
    CallAttempt.objects.bulk_create(
        _attempt(order, phone, day, at)
        for order, phone in zip(orders, phones, strict=True)
        for day in range(1, PAST + 1)
    )
    Task.objects.bulk_create(_task(row, day, at) for row in watched for day in range(PAST + 1))


def _copy(row: Row, **changed: object) -> Row:
    """A new row like one that exists."""
    model = type(row)
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    for name in ("id", "uid"):
        values.pop(name)
    for name in changed:
        values.pop(f"{name}_id", None)
    return model(**values | {"uid": uuid7()} | changed)


def _order(due: DueContact, campaign: int, at: datetime) -> CallOrder:
    return CallOrder(
        campaign_id=campaign,
        due_contact=due,
        enrolment_id=due.enrolment_id,
        person_id=due.person_id,
        organisation_id=due.organisation_id,
        next_attempt_at=at - timedelta(minutes=5),
        window_end=due.window_end,
    )


def _attempt(order: CallOrder, phone: Phone, day: int, at: datetime) -> CallAttempt:
    then = at - timedelta(days=day, hours=2)
    return CallAttempt(
        order=order,
        person_id=order.person_id,
        organisation_id=order.organisation_id,
        phone=phone,
        number=phone.number,
        idempotency_key=f"{order.pk}:past{day}",
        attempt_no=day,
        state=AttemptState.ENDED,
        outcome=AttemptOutcome.NO_ANSWER,
        worker="past",
        lease_until=then,
        claimed_at=then,
        invited_at=then,
        ended_at=then,
    )


def _task(row: Enrolment, day: int, at: datetime) -> Task:
    """Today's lies open, those of the days before are closed."""
    place = row.pk + day
    return Task(
        kind="call_by_hand",
        about_type="due_contact",
        about_uid=uuid7(),
        person_id=row.person_id,
        case_id=row.case_id,
        organisation_id=row.organisation_id,
        role=Role.DOCTOR if place % 7 == 0 else Role.OPERATOR,
        weight=Weight.RED if place % 50 == 0 else Weight.PLAIN,
        reason="not_reached",
        opened_at=at,
        due_at=at + timedelta(minutes=place % 600),
        state=TaskState.DONE if day else TaskState.OPEN,
        closed_at=at if day else None,
    )


@contextmanager
def undone(actor: Actor) -> Iterator[None]:
    """In the actor's scope, and nothing stays."""
    with scope(actor):
        yield
        transaction.set_rollback(True)


def works(town: make.City, at: datetime) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    operator, doctor = town.actor("aigerim", now=at), town.actor("serik", now=at)
    first = CallOrder.objects.filter(organisation=town.centre).earliest("pk").person
    pages = {name: Client() for name in ("aigerim", "serik")}
    for name, client in pages.items():
        client.force_login(town.users[name])

    def seen(actor: Actor, work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with undone(actor):
                work()

        return run

    def page(name: str, address: str, **headers: str) -> Callable[[], None]:
        def run() -> None:
            answer = pages[name].get(address, headers={"HX-Request": "true", **headers})
            assert answer.status_code == 200, answer.status_code

        return run

    return {
        "claim of 30 (robot)": seen(
            ROBOT, lambda: claim(limit=30, worker="bench", manners=MANNERS, lease=LEASE, now=at)
        ),
        "plan of a day that is planned (worker)": seen(
            WORKER, lambda: plan_day(day=local_day(at), zone=settings.TIME_ZONE)
        ),
        "the same by an operator (start of an observation)": seen(
            operator, lambda: plan_day(day=local_day(at), zone=settings.TIME_ZONE)
        ),
        "windows that are over (worker)": seen(WORKER, lambda: list(windows_over(at)[:100])),
        "operator's worklist, 51 rows": seen(operator, lambda: list(operators_tasks(operator)[:51])),
        "doctor's worklist, 300 rows": seen(doctor, lambda: list(doctors_tasks(doctor)[:300])),
        "operator's list as a page part": page("aigerim", "/operator/", **{"HX-Target": "queue"}),
        "operator's page of a person": page("aigerim", reverse("operator:person", args=[first.uid])),
        "doctor's list as a page part": page("serik", "/doctor/", **{"HX-Target": "queue"}),
    }


def measured(town: make.City, at: datetime) -> dict[str, dict[bool, list[float]]]:
    """Milliseconds of each work without and with the policies, in turns."""
    took: dict[str, dict[bool, list[float]]] = defaultdict(lambda: {False: [], True: []})
    with scope(WORKER):
        todo = works(town, at)
    for turn in range(ROUNDS + 1):
        for closed in (False, True):
            switch(closed=closed)
            for name, work in todo.items():
                for _ in range(TIMES):
                    begun = time.perf_counter()
                    work()
                    # The first turn warms everything and is not counted.
                    took[name][closed] += [(time.perf_counter() - begun) * 1000] if turn else []
    return took


def switch(*, closed: bool) -> None:
    """The policies stay; whether they are asked is the owner's word."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"], autocommit=True) as owner:
        for table in TABLES:
            owner.execute(f"alter table {table} {'enable' if closed else 'disable'} row level security")


def main() -> int:
    """Fills, measures, writes the table."""
    at = now()
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with (
        own_cluster() as postgres,
        TestDatabases(postgres).copy() as addresses,
        pointed_at(addresses),
        override_settings(STORAGES=settings.STORAGES | plain, ALLOWED_HOSTS=["testserver"]),
    ):
        with scope(WORKER):
            town = make.city(now=at - timedelta(days=1))
            fill(town, at)
        with psycopg.connect(addresses["MEDET_OWNER_URL"], autocommit=True) as owner:
            owner.execute("vacuum analyze")
        took = measured(town, at)
    rows = [
        (name, *(f"{figures.quantile(both[closed], 0.5):.1f}" for closed in (False, True)))
        for name, both in took.items()
    ]
    body = figures.table(("median, ms", "without", "with row level security"), rows)
    figures.keep("rls", title="What row level security costs", body=body + NOTE)
    return 0


NOTE = f"""

{CENTRES} centres with {PEOPLE} people each: {CENTRES * PEOPLE} enrolments, contacts of today and waiting orders,
{CENTRES * PEOPLE * PAST} attempts and {CENTRES * PEOPLE * (PAST + 1)} tasks, of which one a person lies open.
{ROUNDS * TIMES} runs each, in turns of {TIMES} without and with; every work is undone.
PostgreSQL and the pages on one machine.
"""


if __name__ == "__main__":
    sys.exit(main())
