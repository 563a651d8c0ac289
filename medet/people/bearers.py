"""Who bears a name or number and may be seen by the actor; of a name that very many bear only a part is looked at.

Whether a person is in an episode with the actor is cheap to ask of a few hundred people and dear to ask of a hundred
thousand: one statement with both would join all people with all episodes (measured: 1 s instead of 20 ms in a million).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from medet.base.actor import Actor
from medet.people.models import Episode, Person
from medet.people.queries import visible_to
from medet.people.rules import Names

MOST = 200  # people of one search; who wants others says more about them
LOOKED_AT = 300  # bearers of one common name that are ranked; beyond them the list is cut anyway
CASE = "case"
COLUMNS = ("pk", "root_id", "uid", "name_sort", "is_open", "family_fold", "given_fold", "patronymic_fold")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant, with what ranks them."""

    pk: int
    root_id: int
    uid: UUID
    names: Names
    order: str
    is_open: bool


def candidates(ways: Iterable[QuerySet[Person]], *, by: Actor, now: datetime) -> list[Candidate]:
    """The people of each way that the actor may see, those with an open case first."""
    rows = (row for people in ways for row in _rows(people, by=by, now=now))
    return [Candidate(pk, root, uid, Names(*names), order, is_open) for pk, root, uid, order, is_open, *names in rows]


def _rows(people: QuerySet[Person], *, by: Actor, now: datetime) -> Iterable[tuple[Any, ...]]:
    roots = _roots(people)
    if len(roots) > LOOKED_AT:
        cared_for = _open_episodes(now).filter(organisation_id__in=by.organisation_ids).values("person_id")
        roots = [
            *_roots(people.filter(organisation_id__in=by.organisation_ids)),
            *_roots(people.filter(root_id__in=cared_for)),
        ]
    if not roots:
        return ()
    open_case = _open_episodes(now).filter(person__root_id=OuterRef("root_id"), reason=CASE)
    seen = visible_to(by, now=now).filter(root_id__in=roots).annotate(is_open=Exists(open_case))
    return seen.order_by("-is_open", "name_sort", "pk").values_list(*COLUMNS)[:MOST]


def _roots(people: QuerySet[Person]) -> list[int]:
    """Root and organisation stand in the indexes of names, so the many of a common name are not fetched for it."""
    return list(people.values_list("root_id", flat=True)[: LOOKED_AT + 1])


def _open_episodes(now: datetime) -> QuerySet[Episode]:
    return Episode.objects.filter(Q(until__isnull=True) | Q(until__gt=now))
