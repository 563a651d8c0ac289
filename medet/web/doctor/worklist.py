"""The doctor's list: one row a patient, the gravest first, with every reason in words; and one's own patients."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from medet.base import wording
from medet.base.actor import Actor
from medet.monitoring.models import Enrolment
from medet.monitoring.states import EnrolmentState
from medet.people.models import Person
from medet.records.models import Conclusion
from medet.records.queries import concluded_by, last_doctors
from medet.records.states import Severity
from medet.staff.models import User
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from medet.tasks.states import TaskKind, Weight
from medet.web.asked import Asked
from medet.web.card.card import day_words
from medet.web.card.search import ADDRESS, NO_SEARCH, Search, found
from medet.web.parts.handed import handed_words, page_of
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Pill, Queue, QueueRow, Tab
from medet.web.parts.words import band_pill, due_view

ALL, MINE = "all", "mine"
TABS = {ALL: pgettext_lazy("tasks", "All"), MINE: pgettext_lazy("tasks", "Mine")}
# More than anybody reads; a list that long is the supervisor's matter.
MOST = 300
BANDS = {Weight.RED: "red", Weight.AMBER: "amber"}


@dataclass(frozen=True)
class Place:
    """Where in the list the reader is: the tab, the person who is open, and who is searched for."""

    tab: str = ALL
    person: UUID | None = None
    search: Search = NO_SEARCH

    @property
    def query(self) -> str:
        """The same place as the end of an address."""
        return self.query_with(after=str(self.search.after or ""))

    def query_with(self, *, after: str) -> str:
        """The same search or tab at another page."""
        given = {"tab": self.tab if self.tab != ALL else "", ADDRESS: self.search.key, "after": after}
        kept = {name: value for name, value in given.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """What doctors owe at the actor's organisations, by weight and deadline."""
    return worklist(actor, roles=frozenset({Role.DOCTOR}))


def queue(request: Asked, place: Place) -> Queue:
    """Who was searched for, else the list as it is now; who was shown goes to the audit."""
    if place.search.words:
        return found(
            request,
            place.search,
            person=place.person,
            url_of=lambda person: address_of(person, place),
            page_of=lambda after: reverse("doctor:desk") + place.query_with(after=after),
        )
    people = _by_person(tasks_of(request.actor)[:MOST])
    doctors = last_doctors(task.case_id for tasks in people for task in tasks if task.case_id)
    mine = [tasks for tasks in people if _is_mine(tasks, doctors, request.actor)]
    shown = mine if place.tab == MINE else people
    rows = _rows(request, shown, doctors, place)
    own = _own_patients(request, mine, place)
    shown_own = own if place.tab == MINE else []
    seen(request, [key for tasks in shown for key in _keys(tasks)] + [key for key, _row in shown_own], desk="doctor")
    return Queue(
        title=_("Worsening first"),
        rows=[*rows, *(row for _key, row in shown_own)],
        tabs=[_tab(ALL, place, len(people)), _tab(MINE, place, len(mine) + len(own))],
        overdue=sum(tasks[0].due_at < request.now for tasks in people),
        urgent=sum(tasks[0].weight == Weight.RED for tasks in people),
        empty=_("Nobody has got worse.") if place.tab == ALL else _("You have taken nobody over."),
    )


def _is_mine(tasks: Sequence[Task], doctors: Mapping[int, User], actor: Actor) -> bool:
    """Taken over by the reader; and a contact that is due is first offered to the doctor who knows the patient."""
    first = tasks[0]
    if first.owner_id is not None or first.kind != TaskKind.DOCTOR_CONTACT:
        return first.owner_id is not None and first.owner_id == actor.user_id
    known = doctors.get(first.case_id) if first.case_id else None
    return known is not None and known.pk == actor.user_id


def _by_person(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks of one human being together, at the place of the gravest."""
    grouped: dict[int, list[Task]] = {}
    for task in tasks:
        grouped.setdefault(task.person.root_id if task.person else -task.pk, []).append(task)
    return list(grouped.values())


def _keys(tasks: Sequence[Task]) -> list[int]:
    return [task.person_id for task in tasks if task.person_id]


def _tab(code: str, place: Place, count: int) -> Tab:
    return Tab(str(TABS[code]), reverse("doctor:desk") + Place(code).query, count, current=place.tab == code)


def _rows(
    request: Asked, people: Sequence[Sequence[Task]], doctors: Mapping[int, User], place: Place
) -> list[QueueRow]:
    tasks = [task for group in people for task in group]
    programmes, days = programmes_of(tasks), _days({task.case_id for task in tasks if task.case_id}, request)
    rows = []
    for group in people:
        first, person = group[0], group[0].person
        reasons = dict.fromkeys(reason_of(task, programmes) for task in group)
        meta = (days.get(first.case_id, ""), _known_by(first, doctors, request.actor)) if first.case_id else ()
        rows.append(
            QueueRow(
                uid=str(person.uid if person else first.uid),
                url=address_of(person, place) if person else page_of(first) or reverse("doctor:desk"),
                name=short_name(person) if person else str(TaskKind(first.kind).label),
                age=short_age(person, now=request.now) if person else "",
                band=_pill(first),
                reason=" · ".join(reasons),
                due=due_view(min(task.due_at for task in group), now=request.now),
                meta=(*handed_words(group), *(words for words in meta if words)),
                current=person is not None and person.uid == place.person,
                held_by=_held(first, request.actor),
                elsewhere=person is None and bool(page_of(first)),
            )
        )
    return rows


def _days(cases: set[int], request: Asked) -> Mapping[int, str]:
    rows = Enrolment.objects.filter(case_id__in=cases, state=EnrolmentState.ACTIVE)
    return {row.case_id: day_words(row, now=request.now) for row in rows}


def _known_by(task: Task, doctors: Mapping[int, User], actor: Actor) -> str:
    """Who spoke with the patient last, so that the same doctor goes on when that is possible."""
    known = doctors.get(task.case_id) if task.case_id and task.kind == TaskKind.DOCTOR_CONTACT else None
    if known is None:
        return ""
    return _("my patient") if known.pk == actor.user_id else _("last doctor: %(name)s") % {"name": known}


def _pill(task: Task) -> Pill:
    band = BANDS.get(Weight(task.weight))
    return band_pill(band) if band else Pill("grey", "circle", str(Weight.PLAIN.label))


def _held(task: Task, actor: Actor) -> str:
    if task.owner is None:
        return ""
    return _("with me") if task.owner_id == actor.user_id else str(task.owner)


def _own_patients(request: Asked, mine: Sequence[Sequence[Task]], place: Place) -> list[tuple[int, QueueRow]]:
    """Patients at home about whom this doctor concluded last, and who are not in the doctor's tasks."""
    listed = {tasks[0].person.root_id for tasks in mine if tasks[0].person}
    rows = [row for row in concluded_by(request.actor.user_id)[:MOST] if row.person.root_id not in listed]
    return [(row.person_id, _own(row, row.person, request, place)) for row in rows]


def _own(row: Conclusion, person: Person, request: Asked, place: Place) -> QueueRow:
    planned = row.next_contact_on
    day = _("Next contact: %(day)s") % {"day": wording.day_and_month(planned)} if planned else ""
    return QueueRow(
        uid=str(person.uid),
        url=address_of(person, place),
        name=short_name(person),
        age=short_age(person, now=request.now),
        band=Pill("grey", "stethoscope", str(Severity(row.severity).label)),
        reason=day or _("Under observation"),
        current=person.uid == place.person,
    )


def address_of(person: Person, place: Place) -> str:
    """The page of a patient, in the same tab."""
    return reverse("doctor:person", args=[person.uid]) + place.query
