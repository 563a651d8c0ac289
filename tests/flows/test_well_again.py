"""A confirmed case is over with a negative PCR, or with the doctor's reason why without one."""

from datetime import date

import pytest
from django.utils import translation

from medet.base.models import JournalEntry
from medet.base.policy import change
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.well_again import lacks_pcr
from medet.records.actions import Findings
from medet.records.many import Sample, record_tests
from medet.records.models import Case, Conclusion
from medet.records.rules import PcrTest
from medet.records.states import CaseState, Classification, Pcr, Severity, WithoutPcr
from medet.web.card.timeline import timeline
from tests import make
from tests.refusing import refused

NOW = make.NOON


def ended(town, case, outcome="ended", **more):
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome=outcome)
    decision = Decision(findings=findings, then=Next.END, **more)
    conclude(case=case, decision=decision, by=town.actor("serik"), now=NOW)
    return Case.objects.get(pk=case.pk).state


def swab(town, case, result, day=22):
    sample = Sample(case, PcrTest(date(2026, 11, day), result))
    record_tests(samples=[sample], by=town.actor("aigerim"), now=NOW)


def test_without_a_test_and_a_reason_nobody_is_called_well(town):
    case = make.observed(town).case
    with refused("case.pcr_needed"):
        ended(town, case)
    assert not Conclusion.objects.exists()
    assert Case.objects.get().state == CaseState.AT_HOME


def test_the_reason_stands_in_the_history(town):
    case = make.observed(town).case
    assert ended(town, case, without_pcr=WithoutPcr.DECLINED) == CaseState.RECOVERED
    assert JournalEntry.objects.get(kind="case.without_pcr").code == "declined"
    with translation.override("en"):
        rows = timeline(case.person, actor=town.actor("serik"), now=NOW, limit=20).rows
    [told] = [row for row in rows if row.text == "Ended without a negative PCR"]
    assert told.detail.startswith("The patient declined the control test")


def test_a_negative_control_is_enough(town):
    case = make.observed(town).case
    swab(town, case, Pcr.NEGATIVE)
    assert ended(town, case) == CaseState.RECOVERED
    assert not JournalEntry.objects.filter(kind="case.without_pcr").exists()


def test_a_newer_positive_asks_again(town):
    case = make.observed(town).case
    swab(town, case, Pcr.NEGATIVE, day=20)
    swab(town, case, Pcr.POSITIVE, day=22)
    with refused("case.pcr_needed"):
        ended(town, case)


def test_a_negative_of_before_the_illness_is_no_control(town):
    case = make.observed(town).case
    swab(town, case, Pcr.NEGATIVE, day=20)
    case.onset_on = date(2026, 11, 21)
    assert lacks_pcr(case, now=NOW)
    case.onset_on = date(2026, 11, 20)
    assert not lacks_pcr(case, now=NOW)


@pytest.mark.parametrize("outcome", ["not_confirmed", "refused"])
def test_other_ends_ask_for_no_test(town, outcome):
    assert ended(town, make.observed(town).case, outcome) in (CaseState.NOT_CONFIRMED, CaseState.DECLINED)


def test_who_was_never_confirmed_and_a_limit_that_is_off(town):
    case = make.observed(town).case
    assert lacks_pcr(case, now=NOW)
    case.classification = Classification.SUSPECTED
    assert not lacks_pcr(case, now=NOW)
    case.classification = Classification.CONFIRMED
    change(code="case.close.needs_pcr", value=False, valid_from=NOW.date(), by=town.actor("saule"), now=NOW)
    assert not lacks_pcr(case, now=NOW)
