"""The doctor's list: one row a patient, the gravest first, with every reason in words; and one's own patients.

Read page by page, like the operator's: 2 000 people at home are 700 contacts a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from medet.base import wording
from medet.base.actor import Actor
from medet.monitoring.models import Enrolment
from medet.monitoring.states import EnrolmentState
from medet.people.models import Person
from medet.records.models import Conclusion
from medet.records.queries import last_doctors
from medet.records.states import Severity
from medet.staff.models import User
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.queries import worklist
from medet.tasks.states import TaskKind, Weight
from medet.web.asked import Asked
from medet.web.card.card import day_words
from medet.web.card.search import ADDRESS, NO_SEARCH, Search, found
from medet.web.doctor import own
from medet.web.parts.handed import handed_words, page_of
from medet.web.parts.listed import PAGE, after_key, by_person, counts, key_of, people_in
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Pill, Queue, QueueRow, Tab
from medet.web.parts.words import MOST_COUNTED, band_pill, counted, due_view

ALL, MINE = "all", "mine"
TABS = {ALL: pgettext_lazy("tasks", "All"), MINE: pgettext_lazy("tasks", "Mine")}
BANDS = {Weight.RED: "red", Weight.AMBER: "amber"}


@dataclass(frozen=True)
class Place:
    """Where in the list the reader is: the tab, the person who is open, where the page begins, who is searched for."""

    tab: str = ALL
    person: UUID | None = None
    after: str = ""
    search: Search = NO_SEARCH

    @property
    def query(self) -> str:
        """The same place as the end of an address."""
        return self.query_with(after=self.after)

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
    return _page(request, place)


@dataclass(frozen=True)
class _Page:
    """What one page shows: tasks, and behind all of them in "Mine" one's own patients; and the key of the next page."""

    tasks: Sequence[Task]
    own: Sequence[Conclusion] = ()
    more: str = ""


def _page(request: Asked, place: Place) -> Queue:
    """Who is shown goes to the audit."""
    whole, now = tasks_of(request.actor), request.now
    taken = whole.filter(own.mine(request.actor))
    patients = own.own_patients(request.actor, taken)
    page = _mine(taken, patients, place.after) if place.tab == MINE else _tasks(whole, place.after)
    people = [task.person_id for task in page.tasks if task.person_id] + [row.person_id for row in page.own]
    seen(request, people, desk="doctor")
    parts = {ALL: Q(), "overdue": Q(due_at__lt=now), "urgent": Q(weight=Weight.RED)}
    figures = counts(whole, parts) | {MINE: people_in(taken) + patients[: MOST_COUNTED + 1].count()}
    return Queue(
        title=_("Worsening first"),
        rows=[
            *_rows(request, by_person(page.tasks), place),
            *(_own(row, row.person, request, place) for row in page.own),
        ],
        tabs=[_tab(code, place, counted(figures[code])) for code in TABS],
        overdue=counted(figures["overdue"]),
        urgent=figures["urgent"],
        empty=_("Nobody has got worse.") if place.tab == ALL else _("You have taken nobody over."),
        more_url=reverse("doctor:desk") + Place(place.tab, after=page.more).query if page.more else "",
        start_url=reverse("doctor:desk") + Place(place.tab).query if place.after else "",
    )


def _tasks(tasks: QuerySet[Task], after: str) -> _Page:
    found = list(after_key(tasks, after)[: PAGE + 1])
    return _Page(found[:PAGE], more=key_of(found[PAGE - 1]) if len(found) > PAGE else "")


def _mine(tasks: QuerySet[Task], patients: QuerySet[Conclusion], after: str) -> _Page:
    """The last page of the tasks goes on with the first of one's own patients."""
    page = _Page([]) if own.is_key(after) else _tasks(tasks, after)
    if page.more:
        return page
    found = list(own.after_key(patients, after)[: PAGE + 1])
    return _Page(page.tasks, found[:PAGE], own.key_of(found[PAGE - 1]) if len(found) > PAGE else "")


def _tab(code: str, place: Place, count: int | str) -> Tab:
    return Tab(str(TABS[code]), reverse("doctor:desk") + Place(code).query, count, current=place.tab == code)


def _rows(request: Asked, people: Sequence[Sequence[Task]], place: Place) -> list[QueueRow]:
    tasks = [task for group in people for task in group]
    doctors = last_doctors(task.case_id for task in tasks if task.case_id)
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
