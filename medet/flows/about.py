"""How a row is named to the worklist."""

from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.records.models import Case
from medet.tasks.actions import About


def about_case(case: Case) -> About:
    """A case that owes a move."""
    return About(
        type="case",
        uid=case.uid,
        organisation_id=case.organisation_id,
        person_id=case.person_id,
        case_id=case.pk,
    )


def about_due(due: DueContact) -> About:
    """A planned contact that a person must make."""
    return About(
        type="due_contact",
        uid=due.uid,
        organisation_id=due.organisation_id,
        person_id=due.person_id,
        case_id=due.enrolment.case_id,
    )


def about_enrolment(enrolment: Enrolment) -> About:
    """An observation whose planned days are over."""
    return About(
        type="enrolment",
        uid=enrolment.uid,
        organisation_id=enrolment.organisation_id,
        person_id=enrolment.person_id,
        case_id=enrolment.case_id,
    )


def about_alert(alert: Alert) -> About:
    """An alert that somebody must act on."""
    return About(
        type="alert",
        uid=alert.uid,
        organisation_id=alert.organisation_id,
        person_id=alert.person_id,
        case_id=alert.case_id,
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
