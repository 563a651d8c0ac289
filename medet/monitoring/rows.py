"""What a new enrolment holds, and what is told of a contact, by the action for one (`actions.py`) or for many."""

from datetime import datetime, timedelta
from typing import Any

from medet.base.clock import local_day
from medet.base.ids import uuid7
from medet.base.journal import Told
from medet.monitoring.models import DueContact, Programme
from medet.monitoring.states import DueKind
from medet.records.many import Opened
from medet.records.models import Case


def enrolment_row(case: Case | Opened, programme: Programme, *, now: datetime) -> dict[str, Any]:
    """From today on, for the days of the programme."""
    today = local_day(now)
    return {
        "uid": uuid7(),
        "case_id": case.id,
        "person_id": case.person_id,
        "organisation_id": case.organisation_id,
        "programme_code": programme.code,
        "started_on": today,
        "planned_end_on": today + timedelta(days=programme.file.schedule.days - 1),
    }


def moved_kind(due: DueContact) -> str:
    """As what the journal has a contact's moves."""
    return "doctor_contact.moved" if due.kind == DueKind.DOCTOR else "due_contact.moved"


def told_of_due(due: DueContact, *, code: str) -> Told:
    """The journal's entry about a contact's move."""
    return Told(
        object_uid=due.uid,
        person_id=due.person_id,
        case_id=due.enrolment.case_id,
        organisation_id=due.organisation_id,
        code=code,
        values={"on": due.on.isoformat()} if due.kind == DueKind.DOCTOR else {},
    )
