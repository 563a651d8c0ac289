"""A small town that lived through two months."""

from datetime import UTC, datetime

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.actions import note_inbound
from medet.contacts.states import InboundReason
from medet.flows.conclude import Decision, conclude
from medet.flows.end_case import end_case
from medet.flows.write_contact import write_contact
from medet.records.actions import Findings
from medet.records.states import CaseState, Severity
from tests import make

NOVEMBER = datetime(2026, 11, 20, 6, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 6, tzinfo=UTC)


def lived() -> make.City:
    """Two patients in November, one in December who goes to hospital, one opened by mistake; calls both ways."""
    with scope(WORKER):
        town = make.city(now=NOVEMBER)
        aigerim, serik = town.actor("aigerim", now=NOVEMBER), town.actor("serik", now=NOVEMBER)
        first, _second = (make.observed(town, now=NOVEMBER) for _ in range(2))
        wrong = make.observed(town, now=NOVEMBER)
        end_case(case=wrong.case, to=CaseState.MISTAKEN, by=aigerim, now=NOVEMBER)
        third = make.observed(town, now=DECEMBER)
        write_contact(case=first.case, given={"breath": "none"}, by=aigerim, now=NOVEMBER)
        findings = Findings(severity=Severity.SEVERE, icd10="U07.1", outcome="hospitalise")
        conclude(case=third.case, decision=Decision(findings=findings), by=serik, now=DECEMBER)
        end_case(case=third.case, to=CaseState.ADMITTED, by=aigerim, now=DECEMBER)
        for reason, who, moment in (
            (InboundReason.COMPLAINT, None, NOVEMBER),
            (InboundReason.SUSPECTED, first.person, DECEMBER),
            (InboundReason.SUSPECTED, None, DECEMBER),
        ):
            note_inbound(
                organisation=town.centre,
                person=who,
                case=None,
                reason=reason,
                language="ru",
                by=aigerim,
                now=moment,
            )
    return town
