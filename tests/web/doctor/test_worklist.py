"""The doctor's list with hundreds of contacts: paged by key, counted in SQL, "Mine" a question of its own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.records.actions import Findings, sign_conclusion
from medet.records.states import Severity
from medet.tasks.actions import About, Why, open_task, take_task
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, Weight
from medet.web.doctor.own import after_key, key_of, own_patients
from medet.web.doctor.worklist import tasks_of
from medet.web.parts.listed import PAGE
from tests import make
from tests.web.ladder import client_of

NOW, MANY = make.NOON, 310
NOBODY = "0198c0de-0000-7000-8000-000000000000"
TODAY, PLANNED = NOW.date(), NOW + timedelta(hours=6)


@pytest.fixture
def serik(town):
    """The doctor; the test itself looks with the worker's eyes."""
    with scope(WORKER):
        yield client_of(town, "serik")


def contact(town, person, *, case=None, weight=Weight.PLAIN, due_at=PLANNED):
    return open_task(
        kind=TaskKind.DOCTOR_CONTACT,
        about=About(
            type="due_contact",
            uid=uuid4(),
            organisation_id=town.centre.pk,
            person_id=person.pk,
            case_id=case.pk if case else None,
        ),
        role="doctor",
        why=Why(code="doctor_gap", weight=weight),
        due_at=due_at,
        by=WORKER,
        now=NOW,
    )


@pytest.fixture
def crowd(town):
    """More contacts than were ever listed before, of a hundred and fifty-five people."""
    with scope(WORKER):
        people = [make.person(town, family_name=f"Т{number:03}") for number in range(MANY // 2)]
        for number in range(MANY):
            contact(town, people[number // 2], due_at=NOW + timedelta(hours=number - 20, minutes=30))
    return people


def concluded(town, *, later=None, name="Серікбаева"):
    """A patient at home about whom Serik concluded, with the next contact in so many days."""
    enrolment = make.observed(town, make.person(town, family_name=name))
    day = TODAY + timedelta(days=later) if later is not None else None
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays", next_contact_on=day)
    sign_conclusion(case=enrolment.case, findings=findings, by=town.actor("serik"), now=NOW)
    return enrolment.case


def pages(client, url):
    found = []
    while url:
        queue = client.get(url).context["queue"]
        found.append([row.uid for row in queue.rows])
        url = queue.more_url
    return found


def head(client):
    queue = client.get("/doctor/").context["queue"]
    return {tab.label: tab.count for tab in queue.tabs} | {"overdue": queue.overdue, "urgent": queue.urgent}


def test_everybody_is_reached_page_by_page(town, crowd, serik):
    found = pages(serik, "/doctor/")
    assert len(found) == -(-MANY // PAGE)
    assert {uid for page in found for uid in page} == {str(person.uid) for person in crowd}
    second = serik.get("/doctor/").context["queue"].more_url
    opened = serik.get(serik.get(second).context["queue"].rows[0].url)
    assert [row.uid for row in opened.context["queue"].rows] == found[1], "the list stays where it was"
    assert serik.get(second).context["queue"].start_url == "/doctor/"


def test_the_head_counts_everybody(town, crowd, serik, monkeypatch):
    """Also whoever stands behind the first page: overdue, red, and the reader's own."""
    take_task(task=Task.objects.order_by("-due_at")[0], by=town.actor("serik"), now=NOW)
    assert head(serik) == {"Все": 155, "Мои": 1, "overdue": 10, "urgent": 0}
    for module in ("parts.listed", "parts.words"):
        monkeypatch.setattr(f"medet.web.{module}.MOST_COUNTED", 150)
    assert head(serik) == {"Все": "150+", "Мои": 1, "overdue": 10, "urgent": 0}


def test_mine_is_found_behind_everybody_elses(town, crowd, serik):
    """Taken over, known from the last conclusion, and at home without a task: all three, each once."""
    last = Task.objects.order_by("-due_at")[0]
    take_task(task=last, by=town.actor("serik"), now=NOW)
    known, at_home = concluded(town), concluded(town, later=2)
    contact(town, known.person, case=known, due_at=NOW + timedelta(days=30))
    [page] = pages(serik, "/doctor/?tab=mine")
    assert page == [str(row.uid) for row in (last.person, known.person, at_home.person)]
    assert head(serik)["Мои"] == 3


def test_ones_own_patients_go_on_over_the_pages(town, serik):
    """The next contact first, who has none last; the last page of tasks is filled with them."""
    cases = [concluded(town, later=number % 3 if number % 4 else None) for number in range(PAGE + 7)]
    contact(town, cases[0].person, case=cases[0])
    found = pages(serik, "/doctor/?tab=mine")
    assert [len(page) for page in found] == [PAGE + 1, 6]
    assert sorted(uid for page in found for uid in page) == sorted(str(case.person.uid) for case in cases)
    by = town.actor("serik")
    rows = list(own_patients(by, tasks_of(by).filter(owner_id=by.user_id)))
    days = [row.next_contact_on for row in rows]
    assert days == sorted(days, key=lambda day: (day is None, day))
    for place, row in enumerate(rows):
        assert list(after_key(own_patients(by, Task.objects.none()), key_of(row))) == rows[place + 1 :]


def test_nonsense_is_the_beginning(town, crowd, serik):
    """Of the whole list; a place among one's own patients, of their part, which stands behind all tasks."""
    take_task(task=Task.objects.order_by("-due_at")[0], by=town.actor("serik"), now=NOW)
    at_home = concluded(town, later=2)
    for tab in ("all", "mine"):
        [first, *_] = pages(serik, f"/doctor/?tab={tab}")
        for after in ("nonsense", "3.x.y", NOBODY):
            assert pages(serik, f"/doctor/?tab={tab}&after={after}")[0] == first, (tab, after)
    for after in ("own.nonsense", "own.", f"own.{NOBODY}"):
        assert pages(serik, f"/doctor/?tab=mine&after={after}") == [[str(at_home.person.uid)]], after


def test_a_long_list_costs_few_queries(town, crowd, serik):
    serik.get("/doctor/")
    for url in ("/doctor/", "/doctor/?tab=mine"):
        with CaptureQueriesContext(connection) as taken:
            serik.get(url)
        assert len(taken) <= 24, "\n".join(query["sql"][:150] for query in taken)
