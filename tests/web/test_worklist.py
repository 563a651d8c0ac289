"""The operator's worklist with two hundred tasks: paged by key, few queries, read from its index."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.tasks.actions import About, Why, open_task
from medet.tasks.states import TaskKind, Weight
from medet.web.operator.worklist import PAGE, View, queue, tasks_of
from tests import make

NOW = make.NOON


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


def test_the_list_is_paged_by_key(town, crowd):
    actor, seen, after = town.actor("aigerim"), [], ""
    with scope(actor), translation.override("en"):
        while True:
            page = queue(actor, View(after=after), now=NOW)
            seen += [row.uid for row in page.rows]
            if not page.more_url:
                break
            after = page.more_url.partition("after=")[2]
        whole = [str(task.uid) for task in tasks_of(actor)]
    assert len(whole) == 201
    assert seen == whole


def test_two_hundred_tasks_cost_few_queries(town, crowd):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.users["aigerim"])
    client.get("/operator/")
    with CaptureQueriesContext(connection) as taken:
        answer = client.get("/operator/")
    assert len(answer.context["queue"].rows) == PAGE
    assert answer.context["queue"].tabs[1].count == 201
    assert len(taken) <= 22, "\n".join(query["sql"][:150] for query in taken)


def test_the_list_is_read_from_its_index(town, crowd):
    """The index holds the order: nothing is sorted, and a page ends the reading."""
    actor = town.actor("aigerim")
    with scope(actor):
        plan = tasks_of(actor)[:PAGE].explain()
    assert "task_worklist" in plan, plan
    assert "Sort" not in plan, plan
