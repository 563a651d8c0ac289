"""What a doctor works on: one patient with the case, what is owed, and what was concluded before."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.handovers.models import HomeVisit
from medet.handovers.queries import open_visit_of
from medet.monitoring.models import Alert
from medet.monitoring.queries import alerts_of
from medet.people.models import Person
from medet.records.models import Case, Conclusion
from medet.records.queries import conclusions_of, last_case
from medet.records.states import OBSERVED
from medet.tasks.models import Task
from medet.tasks.states import Takeover, TaskKind
from medet.web.asked import Asked
from medet.web.doctor.worklist import Place, address_of, tasks_of
from medet.web.parts.shapes import Action, AlertBox
from medet.web.parts.shown import shown_of


@dataclass(frozen=True)
class Work:
    """Everything the middle and the right side are made of."""

    person: Person
    place: Place
    case: Case | None
    tasks: list[Task]
    alerts: list[Alert]
    last: Conclusion | None
    visit: HomeVisit | None

    @property
    def url(self) -> str:
        """Where every move about this patient is posted."""
        return address_of(self.person, self.place)

    @property
    def at_home(self) -> bool:
        """Only somebody at home is concluded about here."""
        return self.case is not None and self.case.state in OBSERVED

    def seen(self) -> Case:
        """The case of a form; without one there is nothing to write."""
        if self.case is None or not self.at_home:
            raise Refused("case.not_observed")
        return self.case

    def holder(self, actor: Actor) -> str:
        """The colleague who has taken this patient over."""
        return next((str(task.owner) for task in self.tasks if task.owner_id not in (None, actor.user_id)), "")

    def check_free(self, actor: Actor) -> None:
        """Two doctors do not conclude about one patient at once."""
        if self.holder(actor):
            raise Refused("task.taken", name=self.holder(actor))


def work_on(request: Asked, person: Person, place: Place) -> Work:
    """Gathers it; the person was opened, and so audited, by the caller."""
    case = last_case(person)
    return Work(
        person=person,
        place=place,
        case=case,
        tasks=list(tasks_of(request.actor).filter(person__root_id=person.root_id)),
        alerts=list(alerts_of(case)) if case else [],
        last=conclusions_of(case).first() if case else None,
        visit=open_visit_of(case) if case else None,
    )


def actions_of(work: Work, actor: Actor) -> list[Action]:
    """Taking the patient over, from a colleague with the reason; and overriding an alert that tells nothing."""
    if work.holder(actor):
        return [
            Action(f"over_{why}", str(why.label), work.url, "user-check", key=f"Digit{place}")
            for place, why in enumerate(Takeover, start=1)
        ]
    actions = []
    if any(task.owner_id is None for task in work.tasks):
        actions.append(Action("take", _("Take over"), work.url, "user-check", key="KeyA"))
    if any(task.kind == TaskKind.DOCTOR_CONTACT for task in work.tasks):
        actions.append(Action("not_reached", _("Nobody answered"), work.url, "phone-off", key="KeyN"))
    if work.alerts:
        actions.append(
            Action("override", _("Override the alerts"), work.url, "ban", "ghost", "KeyO", shown=shown_of(work.alerts))
        )
    return actions


def held_box(work: Work, actor: Actor) -> list[AlertBox]:
    """Above the keys that take a colleague's patient over."""
    name = work.holder(actor)
    words = _("%(name)s works on this patient. Take over, because:") % {"name": name}
    return [AlertBox("brand", "lock", words)] if name else []


def conclusion_of(work: Work, uid: str) -> Conclusion | None:
    """The conclusion that is to get a new version, when the address names the one in force."""
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    return work.last if work.last and work.last.uid == wanted else None
