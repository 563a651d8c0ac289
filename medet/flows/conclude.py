"""The doctor concludes: alerts are acted on, and with one key a home visit or the end of the observation follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.end_case import end_case
from medet.flows.observation_over import go_on
from medet.flows.request_visit import VisitWish, request_visit
from medet.monitoring.actions import close_alert
from medet.monitoring.models import Alert
from medet.monitoring.states import AlertState
from medet.records.actions import Findings, sign_conclusion
from medet.records.models import Case, Conclusion
from medet.records.states import CaseState
from medet.tasks.actions import close_task


class Next(StrEnum):
    """What follows a conclusion."""

    GO_ON = "go_on"
    VISIT = "visit"
    ADMIT = "admit"
    END = "end"


ENDS = {Next.ADMIT: CaseState.ADMITTED, Next.END: CaseState.RECOVERED}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A conclusion with what follows it; `seen`: the alerts the doctor had before the eyes."""

    findings: Findings
    then: Next = Next.GO_ON
    visit: VisitWish | None = None
    amends: Conclusion | None = None
    seen: frozenset[UUID] = frozenset()


@transaction.atomic
def conclude(*, case: Case, decision: Decision, by: Actor, now: datetime) -> Conclusion:
    """Signs, settles the alerts that were seen as acted on, and does what follows."""
    conclusion = sign_conclusion(case=case, findings=decision.findings, amends=decision.amends, by=by, now=now)
    for alert in Alert.objects.filter(case=case, state=AlertState.OPEN, uid__in=decision.seen).order_by("pk"):
        if close_alert(alert_id=alert.pk, to=AlertState.ACTED, by=by, now=now):
            close_task(about_uid=alert.uid, outcome="concluded", by=by, now=now)
    if decision.then in (Next.GO_ON, Next.VISIT):
        go_on(case=case, until=decision.findings.next_contact_on, by=by, now=now)
    if decision.then == Next.VISIT and decision.visit:
        request_visit(case=case, wish=decision.visit, by=by, now=now)
    elif decision.then in ENDS:
        why = decision.findings.outcome
        end_case(case=case, to=ENDS[decision.then], by=by, now=now, why=why, shown=decision.seen)
    return conclusion
