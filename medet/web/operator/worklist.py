"""The operator's worklist: what is owed, gravest first, as rows for the screen. A few queries for a whole page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from medet.base.actor import Actor
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.people.queries import seen_in_list
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from medet.tasks.states import TaskKind, Weight
from medet.web.operator.notes import notes_of
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.shapes import Pill, Queue, QueueRow, Tab
from medet.web.parts.words import band_pill, due_view

PAGE = 50
ALL, MINE, NOT_REACHED = "all", "mine", "not_reached"
TABS = {
    MINE: pgettext_lazy("tasks", "Mine"),
    ALL: pgettext_lazy("tasks", "All"),
    NOT_REACHED: gettext_lazy("Not reached"),
}
BY_PHONE = (TaskKind.CALL_BY_HAND, TaskKind.FIX_PHONE, TaskKind.WRONG_PERSON)
BANDS = {Weight.RED: "red", Weight.AMBER: "amber"}


@dataclass(frozen=True)
class View:
    """What part of the list is looked at: the tab, where the page begins, and who is open."""

    tab: str = ALL
    after: str = ""
    task: UUID | None = None

    def query(self, **more: str) -> str:
        """The same place in the list as the end of an address."""
        kept = {"tab": self.tab if self.tab != ALL else "", "after": self.after} | more
        given = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(given)}" if given else ""


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """An operator's tasks and the doctors' red ones; a supervisor's also what climbed to them."""
    roles = frozenset({Role.OPERATOR} | (actor.roles & {Role.SUPERVISOR}))
    return worklist(actor, roles=roles, red_of=frozenset({Role.DOCTOR}))


def queue(actor: Actor, view: View, *, now: datetime) -> Queue:
    """One page of the list, with the counts of its tabs; who was shown goes to the audit."""
    whole = tasks_of(actor)
    counts = _counts(whole, actor, now=now)
    page = list(_after(_in_tab(whole, view.tab, actor), view.after)[: PAGE + 1])
    shown, more = page[:PAGE], len(page) > PAGE
    people = [task.person_id for task in shown if task.person_id]
    seen_in_list(people=people, by=actor, now=now, desk="operator")
    return Queue(
        title=_("Under observation today"),
        rows=_rows(shown, actor, view, now=now),
        tabs=[_tab(code, view, counts[code]) for code in TABS],
        overdue=counts["overdue"],
        urgent=counts["urgent"],
        empty=_("Nobody is waiting in this list."),
        more_url=reverse("operator:desk") + View(view.tab, key_of(shown[-1])).query() if more else "",
        start_url=reverse("operator:desk") + View(view.tab).query() if view.after else "",
    )


def key_of(task: Task) -> str:
    """The place of a task in the order of the list; what the next page begins after."""
    return f"{task.weight}.{int(task.due_at.timestamp() * 1_000_000)}.{task.pk}"


def _after(tasks: QuerySet[Task], key: str) -> QuerySet[Task]:
    try:
        weight, moment, number = (int(part) for part in key.split("."))
        due_at = datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=moment)
    except (ValueError, OverflowError):
        return tasks
    later = Q(weight__gt=weight) | Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=number)
    return tasks.filter(later, weight__gte=weight)


def _in_tab(tasks: QuerySet[Task], tab: str, actor: Actor) -> QuerySet[Task]:
    return tasks.filter(_only(tab, actor))


def _only(tab: str, actor: Actor) -> Q:
    if tab == MINE:
        return Q(owner_id=actor.user_id)
    return Q(kind__in=BY_PHONE) if tab == NOT_REACHED else Q()


def _counts(tasks: QuerySet[Task], actor: Actor, *, now: datetime) -> dict[str, int]:
    """All figures of the list's head in one query."""
    return tasks.order_by().aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=_only(MINE, actor)),
        not_reached=Count("pk", filter=_only(NOT_REACHED, actor)),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        urgent=Count("pk", filter=Q(weight=Weight.RED)),
    )


def _tab(code: str, view: View, count: int) -> Tab:
    return Tab(str(TABS[code]), reverse("operator:desk") + View(code).query(), count, current=view.tab == code)


def _rows(tasks: Sequence[Task], actor: Actor, view: View, *, now: datetime) -> list[QueueRow]:
    programmes, notes = programmes_of(tasks), notes_of(tasks, now=now)
    return [_row(task, programmes, notes.get(task.case_id, ()), actor, view, now=now) for task in tasks]


def _row(
    task: Task,
    programmes: Mapping[int, ProgrammeFile],
    notes: tuple[str, ...],
    actor: Actor,
    view: View,
    *,
    now: datetime,
) -> QueueRow:
    owner = task.owner
    return QueueRow(
        uid=str(task.uid),
        url=address_of(task, view),
        name=short_name(task.person) if task.person else str(TaskKind(task.kind).label),
        age=short_age(task.person, now=now) if task.person else "",
        band=weight_pill(task),
        reason=reason_of(task, programmes),
        due=due_view(task.due_at, now=now),
        meta=notes,
        current=task.uid == view.task,
        held_by=_held(owner.pk == actor.user_id, str(owner)) if owner else "",
    )


def _held(mine: bool, name: str) -> str:
    return _("with me") if mine else name


def address_of(task: Task, view: View) -> str:
    """Where a task is worked on: the page of its person."""
    if task.person is None:
        return reverse("operator:desk") + view.query()
    return reverse("operator:person", args=[task.person.uid]) + view.query(task=str(task.uid))


def weight_pill(task: Task) -> Pill:
    """The weight of a task as icon, word and colour; routine work has no risk to show."""
    band = BANDS.get(Weight(task.weight))
    return band_pill(band) if band else Pill("grey", "circle", str(Weight.PLAIN.label))
