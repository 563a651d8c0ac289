"""The made-up city: nobody in it can exist, it is the same every time, and it is alive from the first moment."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from medet.base import policy
from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.iin import is_made_up
from medet.base.scope import scope
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.demo.city.history import Past
from medet.demo.city.places import City, logins
from medet.demo.city.roster import PEOPLE, Made, duty_lines, lines, roster
from medet.demo.city.seed import one_transaction, seed, write_files
from medet.demo.past.life import Life
from medet.demo.past.manner import Stay
from medet.demo.phones import behaviours
from medet.demo.phones.behaviours import Behaviour
from medet.demo.status import bar, status
from medet.flows.loops import orphans
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Answers, DueContact
from medet.people.models import Attachment, Household, Person, Phone
from medet.people.queries import address_of, iin_of
from medet.places.models import Organisation, Region
from medet.places.queries import clinic_by_address
from medet.records.models import Case, Conclusion, Reading
from medet.staff.models import User
from medet.tasks.models import Task
from medet.worker.reference import load_reference
from tests.standing import standing

MORNING = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)  # 10:10 in Almaty

TABLES = """
select relname from pg_class
 where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The city as a visitor finds it, built once and rolled back after the last test."""
    standing.take_away()  # a test before these may have left the other city standing
    with django_db_blocker.unblock(), scope(WORKER):
        load_reference(now=MORNING)
        assert seed(now=MORNING)
        yield
        transaction.set_rollback(True)


def rows_of_every_table() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'select count(*) from "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_building_it_again_changes_nothing(city: None) -> None:
    before = rows_of_every_table()
    load_reference(now=MORNING + timedelta(hours=1))
    assert not seed(now=MORNING + timedelta(hours=1))
    assert rows_of_every_table() == before


def test_nobody_can_exist(city: None) -> None:
    people = list(Person.objects.all())
    assert len(people) == 60
    numbers = [iin for person in people if (iin := iin_of(person))]
    assert len(numbers) == 59
    assert all(is_made_up(number) and number[2:4] == "00" for number in numbers)
    assert all(number.startswith("+7700000") for number in Phone.objects.values_list("number", flat=True))
    assert all((address := address_of(person)) and int(address.house) >= 900 for person in people)


def test_the_roster_is_the_same_every_time() -> None:
    roster.cache_clear()
    first = roster()
    roster.cache_clear()
    assert roster() == first


def test_all_kinds_of_people(city: None) -> None:
    assert set(Person.objects.values_list("language", flat=True)) == {"kk", "ru", "en"}
    districts = {made.district for made in roster()}
    assert len(districts) == 8
    assert Household.objects.count() == 5
    elsewhere = 0
    for row in Attachment.objects.select_related("person", "clinic"):
        address = address_of(row.person)
        assert address is not None
        found = clinic_by_address(district=address.district, street=address.street)
        assert found is not None
        elsewhere += found.clinic != row.clinic
    assert 5 <= elsewhere <= 20
    assert {line.behaviour for line in (lines(roster()) | duty_lines()).values()} == set(Behaviour)


def test_the_city_has_a_past_and_a_plan(city: None) -> None:
    today = local_day(MORNING)
    assert Reading.objects.filter(code="spo2").count() > 70
    assert CallAttempt.objects.filter(outcome="answered").count() > 60
    assert CallAttempt.objects.exclude(outcome="answered").exists()
    assert Conclusion.objects.count() >= 8
    assert HomeVisit.objects.filter(state="closed").exists()
    assert HomeVisit.objects.filter(state__in=("sent", "received")).count() == 2
    assert Answers.objects.filter(is_complete=True).count() > 70
    assert Counter(Case.objects.values_list("state", flat=True))["opened"] == 2
    assert DueContact.objects.filter(on=today, state="planned").count() >= 50
    assert CallOrder.objects.filter(state="waiting", due_contact__on=today).count() >= 50
    assert not DueContact.objects.filter(on__lt=today, state__in=("planned", "handed")).exists()
    assert not CallAttempt.objects.filter(claimed_at__gt=MORNING).exists()
    assert Task.objects.filter(state="open", due_at__lt=MORNING).count() == 0, "nobody begins the day late"


def test_nothing_is_without_an_owner(city: None) -> None:
    assert list(orphans(now=MORNING)) == []


def test_limits_of_the_demo_say_so(city: None) -> None:
    limit = policy.parameter("call.min_gap_minutes", now=MORNING)
    assert (limit.value, limit.legal_ref) == (2, "demo")
    assert policy.value("call.retry_minutes", now=MORNING)["busy"] == 2
    assert policy.whole("call.min_gap_minutes", now=MORNING - timedelta(days=1)) == 120


PLAIN = {
    "calls_started": "select count(*) from contacts_callattempt where worker <> 'demo' and invited_at is not null",
    "calls_answered": "select count(*) from contacts_callattempt where worker <> 'demo' and answered_at is not null",
    "answers_complete": """
        select count(*) from monitoring_answers a join contacts_contact c on c.uid = a.contact_uid
          join contacts_callattempt t on t.contact_id = c.id where t.worker <> 'demo' and a.is_complete""",
    "alerts_open": "select count(*) from monitoring_alert where state = 'open'",
    "home_visits_open": "select count(*) from handovers_homevisit where state not in ('closed', 'redirected')",
}


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {name: cursor.execute(statement).fetchone()[0] for name, statement in PLAIN.items()}


def test_status_agrees_with_plain_sql(city: None) -> None:
    before = status(now=MORNING)
    assert (before.calls_started, before.calls_answered, before.answers_complete) == (0, 0, 0)
    assert before.alerts_open > 0
    with transaction.atomic():
        by_name: dict[tuple[object, ...], Made] = {
            (made.family_name, made.given_name, made.birth_date): made for made in roster()
        }
        who = {row.pk: by_name[row.family_name, row.given_name, row.birth_date] for row in Person.objects.all()}
        stays = {made.place: Stay(local_day(MORNING), 60) for made in roster()}
        with one_transaction():
            Past(Life(City({}, {}, {}, {}), who, stays)).ring(MORNING, caller="robot:1")
        after = status(now=MORNING + timedelta(minutes=30))
        assert counted() == {name: getattr(after, name) for name in PLAIN}
        assert after.calls_started > after.calls_answered >= after.answers_complete > 20
        assert after.loops_without_owner == 0
        assert " people today: " in bar(now=MORNING)
        transaction.set_rollback(True)


def test_reference(city: None) -> None:
    assert Region.objects.count() == 20
    assert Organisation.objects.filter(kind="polyclinic").count() == 16
    assert User.objects.count() == len(logins())


def key_of(clinic: Organisation) -> str:
    return f"polyclinic_{clinic.name_en.rpartition(' ')[2]}"


def test_files(city: None, tmp_path: Path) -> None:
    write_files(tmp_path)
    assert behaviours.read(tmp_path / "demo" / "phones.json") == lines(roster(PEOPLE)) | duty_lines()
    offered = {row["username"] for row in json.loads((tmp_path / "demo" / "logins.json").read_text("utf-8"))}
    clinics = Organisation.objects.filter(pk__in=HomeVisit.objects.exclude(state="closed").values("clinic"))
    waiting = {login.username for login in logins() if login.organisation in {key_of(clinic) for clinic in clinics}}
    assert waiting & offered, "somebody of a clinic that has a visit waiting is offered"
    assert "operator" in (tmp_path / "logins.txt").read_text("utf-8")
