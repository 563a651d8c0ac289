"""What a new enrolment holds, whoever writes it: the action for one (`actions.py`) or for many (`many.py`)."""

from datetime import datetime, timedelta
from typing import Any

from medet.base.clock import local_day
from medet.base.ids import uuid7
from medet.monitoring.models import Programme
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
