"""What a supervisor looks at in the morning: how things stand at a moment, so that today can be held against yesterday.

A figure and its list are one definition here too: `rows` of a `Standing` at a moment, or of one part of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medet.base import keyset
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.handovers.models import HomeVisit
from medet.handovers.queries import stood_at
from medet.handovers.states import VisitState
from medet.monitoring.models import DueContact
from medet.monitoring.states import BY_ROBOT
from medet.places.models import Organisation
from medet.tasks.models import Task
from medet.tasks.queries import late_at

DAY = timedelta(days=1)
BACK = (VisitState.DONE, VisitState.NOT_FOUND, VisitState.REFUSED)  # the centre's to go on with


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One figure: its rows at a moment, when each began to wait, and the field it is split by."""

    code: str
    title: str | Promise
    how: str | Promise
    rows: Callable[[Actor, datetime], QuerySet[Any]]
    since: str
    split: str = ""


@dataclass(frozen=True)
class Figure:
    """The count at a moment and a day before."""

    code: str
    now: int
    before: int
    part: Organisation | None = None


def _until(name: str, at: datetime) -> Q:
    """What had not happened by then."""
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": at})


def _visits(actor: Actor, at: datetime) -> QuerySet[HomeVisit]:
    # What was redirected is closed, and lives on in the request to the other clinic.
    asked = HomeVisit.objects.filter(organisation_id__in=actor.organisation_ids, sent_at__lte=at)
    return asked.filter(_until("closed_at", at))


def _late_visits(actor: Actor, at: datetime) -> QuerySet[HomeVisit]:
    late = _visits(actor, at).filter(_until("ended_at", at), visit_due_at__lte=at)
    # Not found and gone to once more, or refused and redirected: in between it was the centre's, and not late.
    return late.alias(stood=stood_at(at)).exclude(stood__in=BACK)


def _not_reached(actor: Actor, at: datetime) -> QuerySet[DueContact]:
    due = DueContact.objects.filter(organisation_id__in=actor.organisation_ids, kind__in=BY_ROBOT)
    return due.filter(_until("closed_at", at), on=local_day(at) - DAY)


def _late_tasks(actor: Actor, at: datetime) -> QuerySet[Task]:
    return late_at(at).filter(organisation_id__in=actor.organisation_ids)


STANDINGS = {
    standing.code: standing
    for standing in (
        Standing(
            code="visits",
            title=_("Home visits not closed"),
            how=_("Requests sent to clinics that the centre has not closed yet."),
            rows=_visits,
            since="sent_at",
        ),
        Standing(
            code="late_visits",
            title=_("Home visits overdue"),
            how=_("Requests whose time is over while the clinic has not said how the visit ended."),
            rows=_late_visits,
            since="visit_due_at",
            split="clinic",
        ),
        Standing(
            code="not_reached",
            title=_("Not reached yesterday"),
            how=_("Contacts of the day before that nobody has made until now."),
            rows=_not_reached,
            since="window_end",
        ),
        Standing(
            code="late_tasks",
            title=_("Tasks overdue"),
            how=_("Open tasks whose first time is over, also those that climbed or were tried in vain since."),
            rows=_late_tasks,
            since="late_from",
        ),
    )
}


def figures(*, by: Actor, now: datetime) -> Iterator[Figure]:
    """Every figure as it stands, and as it stood at the same hour of the day before."""
    for code, standing in STANDINGS.items():
        yield Figure(code, standing.rows(by, now).count(), standing.rows(by, now - DAY).count())


def split(code: str, *, by: Actor, now: datetime) -> list[Figure]:
    """A figure by its part, the largest first; what was there yesterday only is shown too."""
    standing = _called(code)
    today, before = (_by_part(standing, by, at) for at in (now, now - DAY))
    places = Organisation.objects.in_bulk(today.keys() | before.keys())
    found = [Figure(code, today.get(key, 0), before.get(key, 0), place) for key, place in places.items()]
    return sorted(found, key=lambda figure: (-figure.now, -figure.before, str(figure.part)))


def _by_part(standing: Standing, by: Actor, at: datetime) -> dict[int, int]:
    rows = standing.rows(by, at).order_by()
    return dict(rows.values_list(f"{standing.split}_id").annotate(n=Count("pk")))


def rows_of(code: str, *, part: str = "", by: Actor, now: datetime) -> QuerySet[Any]:
    """The rows a figure counts now, who waits longest first."""
    standing = _called(code)
    if part and not standing.split:
        raise Refused("report.unknown")
    rows = standing.rows(by, now).filter(**({f"{standing.split}__uid": part} if part else {}))
    return rows.select_related("person", *([standing.split] if standing.split else [])).order_by(standing.since, "pk")


def key_of(code: str, row: Any) -> str:
    """What the next page of a figure's rows begins behind."""
    return keyset.key_of(row, _called(code).since)


def after(rows: QuerySet[Any], code: str, key: str) -> QuerySet[Any]:
    """A figure's rows behind a key; a key that says nothing is the beginning."""
    return keyset.behind(rows, _called(code).since, key)


def _called(code: str) -> Standing:
    if code not in STANDINGS:
        raise Refused("report.unknown")
    return STANDINGS[code]
