"""The case's own form: to start the observation, or to end it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from medet.base.actor import Actor
from medet.base.states import possible
from medet.base.wording import language
from medet.monitoring.queries import programmes
from medet.records.states import CASE_LIFE, OBSERVED, CaseState
from medet.web.operator.forms import EndForm, ObserveForm
from medet.web.operator.work import Work
from medet.web.parts.pcr import lacking

Posted = Mapping[str, Any] | None
STARTS = (CaseState.OPENED, CaseState.ADMITTED)


def observe_form(work: Work, posted: Posted = None) -> ObserveForm | None:
    """Offered for a new case and for one that came home from a hospital."""
    if work.case is None or work.case.state not in STARTS:
        return None
    known = [(row.code, row.file.title.in_language(language())) for row in programmes()]
    return ObserveForm(posted, initial={"programme": known[0][0] if known else ""}, programmes=known)


def end_form(work: Work, by: Actor, *, now: datetime, posted: Posted = None) -> EndForm | None:
    """Where the reader's role may take the case: to hospital and to every end."""
    if work.case is None:
        return None
    roles = by.roles_at(work.case.organisation_id)
    targets = [state for state in possible(CASE_LIFE, work.case.state, roles) if state not in OBSERVED]
    states = [(state, str(CaseState(state).label)) for state in dict.fromkeys(targets)]
    last_pcr = lacking(work.case, now=now) if CaseState.RECOVERED in targets else ""
    return EndForm(posted, states=states, last_pcr=last_pcr) if states else None
