"""How a row is named to the worklist."""

from typing import Protocol
from uuid import UUID

from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.records.models import Case, Conclusion
from medet.records.states import Severity
from medet.tasks.actions import About
from medet.tasks.models import Task
from medet.tasks.states import Weight

GRAVE = (Severity.MODERATE, Severity.SEVERE, Severity.CRITICAL)


class _Owing(Protocol):
    """What every row that owes a move has."""

    uid: UUID
    organisation_id: int
    person_id: int


def _about(type_: str, row: _Owing, *, case_id: int) -> About:
    return About(type=type_, uid=row.uid, organisation_id=row.organisation_id, person_id=row.person_id, case_id=case_id)


def about_case(case: Case) -> About:
    """A case that owes a move."""
    return _about("case", case, case_id=case.pk)


def about_due(due: DueContact) -> About:
    """A planned contact that a person must make."""
    return _about("due_contact", due, case_id=due.enrolment.case_id)


def about_enrolment(enrolment: Enrolment) -> About:
    """An observation whose planned days are over."""
    return _about("enrolment", enrolment, case_id=enrolment.case_id)


def about_alert(alert: Alert) -> About:
    """An alert that somebody must act on."""
    return _about("alert", alert, case_id=alert.case_id)


def about_admission(after: Conclusion | HomeVisit | Task) -> About:
    """That somebody was really taken to hospital, after a conclusion, a visit, or an earlier task about it."""
    uid = after.about_uid if isinstance(after, Task) else after.uid
    return About(
        type="admission",
        uid=uid,
        organisation_id=after.organisation_id,
        person_id=after.person_id,
        case_id=after.case_id,
    )


def about_visit(visit: HomeVisit, *, at_clinic: bool) -> About:
    """A home visit; the side that owes the next move owns the task."""
    return About(
        type="home_visit",
        uid=visit.uid,
        organisation_id=visit.clinic_id if at_clinic else visit.organisation_id,
        person_id=visit.person_id,
        case_id=visit.case_id,
    )


def weight_of(case: Case) -> Weight:
    """The risk of a case as the weight of a task about it: a risk group, or more than a mild course."""
    return Weight.AMBER if case.risk_groups or case.severity in GRAVE else Weight.PLAIN
