"""The operator's worklist: one row a person, the gravest first, with every reason in words; read page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from medet.base.actor import Actor
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.people.models import Person
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from medet.tasks.rules import answers_for
from medet.tasks.states import TaskKind, Weight
from medet.web.asked import Asked
from medet.web.card.search import ADDRESS, NO_SEARCH, Search, found
from medet.web.operator.notes import notes_of
from medet.web.parts.handed import handed_words, page_of
from medet.web.parts.listed import PAGE, after_key, by_person, counts, key_of
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Pill, Queue, QueueRow, Tab
from medet.web.parts.words import band_pill, counted, due_view

ALL, MINE, NOT_REACHED = "all", "mine", "not_reached"
TABS = {
    MINE: pgettext_lazy("tasks", "Mine"),
    ALL: pgettext_lazy("tasks", "All"),
    NOT_REACHED: gettext_lazy("Not reached"),
}
BY_PHONE = (TaskKind.CALL_BY_HAND, TaskKind.FIX_PHONE, TaskKind.WRONG_PERSON)
BANDS = {Weight.RED: "red", Weight.AMBER: "amber"}


@dataclass(frozen=True)
class Place:
    """Where in the list the reader is: the tab, where the page begins, and the person who is open."""

    tab: str = ALL
    after: str = ""
    person: UUID | None = None
    search: Search = NO_SEARCH

    def query(self, **more: str) -> str:
        """The same place in the list as the end of an address."""
        kept = {"tab": self.tab if self.tab != ALL else "", "after": self.after, ADDRESS: self.search.key} | more
        given = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def list_url(self) -> str:
        """The list at this place, nobody chosen."""
        return reverse("operator:desk") + self.query()


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """Operators' tasks and the doctors' red ones; where one is a supervisor also what climbed, whoever it was first."""
    return worklist(actor, roles=frozenset({Role.OPERATOR, Role.SUPERVISOR}), red_of=frozenset({Role.DOCTOR}))


def is_others(task: Task, reader: Actor) -> bool:
    """Shown so that everybody knows; who stands on its ladder acts on it."""
    return not answers_for(task.role, reader.roles_at(task.organisation_id))


def queue(request: Asked, place: Place) -> Queue:
    """Who was searched for, else one page of the list with the counts of its tabs."""
    if place.search.words:
        return _found(request, place)
    return _page(request, place)


def _found(request: Asked, place: Place) -> Queue:
    start = replace(place, after="", person=None)
    return found(
        request,
        place.search,
        person=place.person,
        url_of=lambda person: address_of(person, place),
        page_of=lambda after: reverse("operator:desk") + start.query(after=after),
    )


def _page(request: Asked, place: Place) -> Queue:
    """Who is shown goes to the audit."""
    whole, now = tasks_of(request.actor), request.now
    figures = _counts(whole, request.actor, now=now)
    page = list(after_key(whole.filter(_only(place.tab, request.actor)), place.after)[: PAGE + 1])
    shown = page[:PAGE]
    seen(request, [task.person_id for task in shown if task.person_id], desk="operator")
    return Queue(
        title=_("Waiting for us"),
        rows=_rows(shown, request.actor, place, now=now),
        tabs=[Tab(str(TABS[code]), Place(code).list_url, counted(figures[code]), code == place.tab) for code in TABS],
        overdue=counted(figures["overdue"]),
        urgent=figures["urgent"],
        empty=_("Nobody is waiting in this list."),
        more_url=Place(place.tab, key_of(shown[-1])).list_url if len(page) > PAGE else "",
        start_url=Place(place.tab).list_url if place.after else "",
        next_url=reverse("operator:desk"),
    )


def _only(tab: str, actor: Actor) -> Q:
    if tab == MINE:
        return Q(owner_id=actor.user_id)
    return Q(kind__in=BY_PHONE) if tab == NOT_REACHED else Q()


def _counts(tasks: QuerySet[Task], actor: Actor, *, now: datetime) -> dict[str, int]:
    """The figures of the list's head."""
    parts = {ALL: Q(), MINE: _only(MINE, actor), NOT_REACHED: _only(NOT_REACHED, actor)}
    return counts(tasks, parts | {"overdue": Q(due_at__lt=now), "urgent": Q(weight=Weight.RED)})


def _rows(tasks: Sequence[Task], actor: Actor, place: Place, *, now: datetime) -> list[QueueRow]:
    programmes, notes = programmes_of(tasks), notes_of(tasks, now=now)
    groups = by_person(tasks)
    return [_row(group, programmes, notes.get(group[0].case_id, ()), actor, place, now=now) for group in groups]


def _row(
    group: Sequence[Task],
    programmes: Mapping[int, ProgrammeFile],
    notes: tuple[str, ...],
    actor: Actor,
    place: Place,
    *,
    now: datetime,
) -> QueueRow:
    first, person = group[0], group[0].person
    return QueueRow(
        uid=str(person.uid if person else first.uid),
        url=address_of(person, place) if person else page_of(first) or place.list_url,
        name=short_name(person) if person else str(TaskKind(first.kind).label),
        age=short_age(person, now=now) if person else "",
        band=weight_pill(first),
        reason=" · ".join(dict.fromkeys(reason_of(task, programmes) for task in group)),
        due=due_view(min(task.due_at for task in group), now=now),
        meta=(*notes, _("a doctor acts")) if is_others(first, actor) else (*handed_words(group), *notes),
        current=person is not None and person.uid == place.person,
        held_by=_held(group, actor),
        elsewhere=person is None and bool(page_of(first)),
    )


def _held(group: Sequence[Task], actor: Actor) -> str:
    owner = next((task.owner for task in group if task.owner and not is_others(task, actor)), None)
    if owner is None:
        return ""
    return _("with me") if owner.pk == actor.user_id else str(owner)


def address_of(person: Person, place: Place, **more: str) -> str:
    """The page of a person, at the same place in the list."""
    return reverse("operator:person", args=[person.uid]) + place.query(**more)


def weight_pill(task: Task) -> Pill:
    """The weight of a task as icon, word and colour; routine work has no risk to show."""
    band = BANDS.get(Weight(task.weight))
    return band_pill(band) if band else Pill("grey", "circle", str(Weight.PLAIN.label))
