"""Which plans the statements of a search have: they are caught as they run and explained as the same role."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from medet.base.actor import Actor
from medet.people.find import find_people
from tests import make

SMALL = {"people_episode", "people_givenname"}


def plans_of(text: str, *, by: Actor) -> list[str]:
    """The plan of each statement of a search."""
    with CaptureQueriesContext(connection) as taken:
        find_people(text, by=by, now=make.NOON, size=20)
    statements = [query["sql"] for query in taken if "people_" in query["sql"].lower()]
    with connection.cursor() as cursor:
        return [_explained(cursor, statement) for statement in statements]


def _explained(cursor: object, statement: str) -> str:
    cursor.execute(f"explain {statement}")  # type: ignore[attr-defined]
    return "\n".join(line for (line,) in cursor.fetchall())  # type: ignore[attr-defined]


def scanned(plan: str) -> list[str]:
    """Large tables that a plan reads from end to end, and whether it needs several processes.

    Left out are the episodes, which may all be the actor's own, and the given names, which are a few pages.
    """
    whole = [table for table in re.findall(r"Seq Scan on (people_\w+)", plan) if table not in SMALL]
    return whole + ["several processes"] * ("Gather" in plan)
