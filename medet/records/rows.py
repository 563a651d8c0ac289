"""What a new case or a test holds, whoever writes it: the action for one (`actions.py`) or for many (`many.py`)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.base.ids import uuid7
from medet.records.codes import check_code
from medet.records.rules import PcrTest
from medet.records.states import CaseState, Classification, Regimen, Severity, Source

PCR = "pcr"  # the code of its readings


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


def pcr_row(test: PcrTest, *, case_id: int, person_id: int, organisation_id: int, by: Actor) -> dict[str, Any]:
    """A laboratory's result as a reading of the day when the sample was taken."""
    return {
        "person_id": person_id,
        "case_id": case_id,
        "organisation_id": organisation_id,
        "at": datetime.combine(test.on, time(), LOCAL),
        "code": PCR,
        "choice": test.result,
        "source": Source.LABORATORY,
        "by_user_id": by.user_id,
    }
