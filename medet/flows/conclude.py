"""The doctor concludes: alerts are acted on, and with one key a home visit or the end of the observation follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.admission import confirm_admission, decided_anew
from medet.flows.doctor_contact import doctor_spoke, next_contact
from medet.flows.observation_over import go_on
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.settle_alert import own_alerts
from medet.flows.well_again import end_observation
from medet.monitoring.actions import close_alert
from medet.monitoring.states import AlertState, GoesOn
from medet.records.actions import Findings, sign_conclusion
from medet.records.models import Case, Conclusion
from medet.records.states import LEAVES_HOME, CaseState, WithoutPcr
from medet.tasks.actions import close_task


class Next(StrEnum):
    """What follows a conclusion. Whom it sends to hospital is watched at home until an operator knows them there."""

    GO_ON = "go_on"
    VISIT = "visit"
    END = "end"


# What the end of an observation means for the case; whatever else was concluded, the person is well.
ENDS = {"not_confirmed": CaseState.NOT_CONFIRMED, "refused": CaseState.DECLINED}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A conclusion with what follows it; `goes_on`: why more days than planned, `without_pcr`: why well
    without a negative test, `seen`: the alerts the doctor saw."""

    findings: Findings
    then: Next = Next.GO_ON
    visit: VisitWish | None = None
    amends: Conclusion | None = None
    goes_on: GoesOn | None = None
    without_pcr: WithoutPcr | None = None
    seen: frozenset[UUID] = frozenset()


@transaction.atomic
def conclude(*, case: Case, decision: Decision, by: Actor, now: datetime) -> Conclusion:
    """Signs, settles the doctor's alerts that were seen as acted on, and does what follows.

    What was seen and is an operator's to settle (no medicines, not at home) stays open: the conclusion is not about it.
    """
    conclusion = sign_conclusion(case=case, findings=decision.findings, amends=decision.amends, by=by, now=now)
    if decision.amends is None:  # a newer version is no new conversation
        doctor_spoke(case=case, by=by, now=now)
    for alert in own_alerts(case, by=by):
        if alert.uid in decision.seen and close_alert(alert_id=alert.pk, to=AlertState.ACTED, by=by, now=now):
            close_task(about_uid=alert.uid, outcome="concluded", by=by, now=now)
    decided_anew(case=case, by=by, now=now)
    if decision.then in (Next.GO_ON, Next.VISIT):
        until = decision.findings.next_contact_on
        go_on(case=case, until=until, why=decision.goes_on, by=by, now=now)
        next_contact(case=case, on=until, by=by, now=now)
    if decision.then == Next.VISIT and decision.visit:
        request_visit(case=case, wish=decision.visit, by=by, now=now)
    _leave_home(conclusion, decision, by=by, now=now)
    return conclusion


def _leave_home(conclusion: Conclusion, decision: Decision, *, by: Actor, now: datetime) -> None:
    outcome = decision.findings.outcome
    if decision.then == Next.END:
        end_observation(
            case=conclusion.case,
            to=end_of(outcome),
            why=outcome,
            shown=decision.seen,
            without_pcr=decision.without_pcr,
            by=by,
            now=now,
        )
    elif outcome in LEAVES_HOME:
        confirm_admission(after=conclusion, by=by, now=now)


def end_of(outcome: str) -> CaseState:
    """What the end of an observation after this outcome means for the case."""
    return ENDS.get(outcome, CaseState.RECOVERED)
