"""The operator's worklist with two hundred tasks: paged by key, few queries, read from its index."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.tasks.actions import About, Why, open_task
from medet.tasks.states import TaskKind, Weight
from medet.web.operator.worklist import tasks_of
from medet.web.parts.listed import PAGE, after_key, key_of
from tests import make

NOW = make.NOON


@pytest.fixture
def operator(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.users["aigerim"])
    return client


@pytest.fixture
def crowd(town):
    """A list of two hundred, in a table with a long past."""
    with scope(WORKER):
        case = make.case(town)
        people = [make.person(town, family_name=f"Т{number:03}") for number in range(20)]
        for number in range(200):
            open_task(
                kind=TaskKind.CALL_BY_HAND,
                about=About(
                    type="due_contact",
                    uid=uuid4(),
                    organisation_id=town.centre.pk,
                    person_id=people[number % 20].pk,
                    case_id=case.pk,
                ),
                role="operator",
                why=Why(code="not_reached", weight=Weight(number % 3 + 1)),
                due_at=NOW + timedelta(minutes=number % 7),
                by=WORKER,
                now=NOW,
            )


def test_the_list_is_paged_by_key(town, crowd, operator):
    url, pages = "/operator/", []
    while url:
        queue = operator.get(url).context["queue"]
        pages.append([row.uid for row in queue.rows])
        url = queue.more_url
    # 201 tasks of 21 people, 50 a page: everybody comes, and nobody stands twice on one page.
    assert len(pages) == 5
    assert len({uid for page in pages for uid in page}) == 21
    assert all(len(page) == len(set(page)) for page in pages)


def test_two_hundred_tasks_cost_few_queries(town, crowd, operator):
    operator.get("/operator/")
    with CaptureQueriesContext(connection) as taken:
        answer = operator.get("/operator/")
    assert [tab.count for tab in answer.context["queue"].tabs] == [0, 21, 20]
    assert len(taken) <= 24, "\n".join(query["sql"][:150] for query in taken)


def test_pages_are_read_from_the_index(town, crowd):
    """The index holds the order: nothing is sorted, and a page ends the reading."""
    actor = town.actor("aigerim")
    with scope(actor):
        whole = tasks_of(actor)
        # The rows of a test are too young for statistics: what is asked is whether the order can come from the index.
        with connection.cursor() as cursor:
            cursor.execute("set local enable_sort = off")
        first, second = whole[:PAGE].explain(), after_key(whole, key_of(whole[PAGE - 1]))[:PAGE].explain()
    for plan in (first, second):
        assert "task_worklist" in plan, plan
        assert "Sort" not in plan, plan


def test_nobody_counts_beyond_so_many(crowd, operator, monkeypatch):
    """The head of a very long list says so; the figures of a shorter one are exact."""

    def tabs():
        return {tab.label: tab.count for tab in operator.get("/operator/").context["queue"].tabs}

    assert tabs() == {"Mine": 0, "All": 21, "Not reached": 20}
    for module in ("parts.listed", "parts.words"):
        monkeypatch.setattr(f"medet.web.{module}.MOST_COUNTED", 150)
    assert tabs() == {"Mine": 0, "All": "150+", "Not reached": "150+"}
