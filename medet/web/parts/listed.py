"""A worklist of tasks, the same on every desk: read page by page by the key of its order, and counted no further than
anybody asks, so that a list of fifty thousand opens as fast as a short one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from medet.tasks.models import Task
from medet.web.parts.words import MOST_COUNTED

PAGE = 50
HUMAN = Coalesce("person__root_id", -F("pk"))  # whom a task is about; work about nobody counts by itself


def key_of(task: Task) -> str:
    """The place of a task in the order of the list; what the next page begins after."""
    return f"{task.weight}.{int(task.due_at.timestamp() * 1_000_000)}.{task.uid}"


def after_key(tasks: QuerySet[Task], key: str) -> QuerySet[Task]:
    """What stands behind a place of the list; nonsense is its beginning."""
    try:
        weight, moment, uid = key.split(".")
        due_at = datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=int(moment))
        grave, number = int(weight), Task.objects.filter(uid=UUID(uid)).values("pk")
    except (ValueError, OverflowError):
        return tasks
    later = Q(weight__gt=grave) | Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=number)
    return tasks.filter(later, weight__gte=grave)


def by_person(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks of one human being together, at the place of the gravest."""
    grouped: dict[int, list[Task]] = {}
    for task in tasks:
        grouped.setdefault(task.person.root_id if task.person else -task.pk, []).append(task)
    return list(grouped.values())


def counts(tasks: QuerySet[Task], parts: Mapping[str, Q]) -> dict[str, int]:
    """How many persons, not tasks, each part of the list is about; nobody counts beyond a thousand."""
    tasks = tasks.order_by()
    some = tasks.annotate(human=HUMAN)[: MOST_COUNTED + 1].aggregate(
        whole=Count("pk"), **{name: Count("human", filter=part, distinct=True) for name, part in parts.items()}
    )
    if some.pop("whole") <= MOST_COUNTED:
        return some
    return {name: people_in(tasks.filter(part)) for name, part in parts.items()}


def people_in(tasks: QuerySet[Task]) -> int:
    """How many persons, or more than are counted: then a tab may hold fewer persons than tasks, which nobody sees."""
    found = list(tasks.order_by().annotate(human=HUMAN).values_list("human", flat=True)[: MOST_COUNTED + 1])
    return len(found) if len(found) > MOST_COUNTED else len(set(found))
