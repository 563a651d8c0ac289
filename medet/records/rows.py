"""What a new case holds, whoever writes it: the action for one (`actions.py`) or for many (`many.py`)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from medet.base.ids import uuid7
from medet.records.codes import check_code
from medet.records.states import CaseState, Classification, Regimen, Severity


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """How a case looks when it is opened."""

    classification: Classification
    icd10: str
    severity: Severity
    regimen: Regimen
    risk_groups: tuple[str, ...] = ()
    onset_on: date | None = None


def case_row(person_id: int, diagnosis: Diagnosis, *, organisation_id: int, now: datetime) -> dict[str, Any]:
    """A case from its first moment on; refuses a code that no list has."""
    return {
        "uid": uuid7(),
        "person_id": person_id,
        "organisation_id": organisation_id,
        "classification": diagnosis.classification,
        "icd10": check_code("icd10", diagnosis.icd10),
        "severity": diagnosis.severity,
        "risk_groups": [check_code("risk_groups", code) for code in diagnosis.risk_groups],
        "regimen": diagnosis.regimen,
        "state": CaseState.OPENED,
        "onset_on": diagnosis.onset_on,
        "opened_at": now,
    }
