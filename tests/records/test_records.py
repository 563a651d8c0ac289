"""Cases, readings and conclusions."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from medet.base.actor import WORKER
from medet.base.models import Evidence, JournalEntry
from medet.base.scope import scope
from medet.records.actions import Findings, Value, move_case, record_readings, sign_conclusion
from medet.records.models import Case, Reading
from medet.records.queries import conclusions_of
from medet.records.states import CaseState, Severity, Source
from tests import make
from tests.refusing import refused

NOW = make.NOON
FINDINGS = Findings(severity=Severity.MILD, icd10="U07.1", outcome="stays")


def test_one_open_case_a_human_being(town):
    case = make.case(town)
    with refused("case.already_open"):
        make.case(town, case.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            person=case.person,
            organisation=town.centre,
            classification="probable",
            icd10="U07.2",
            severity="mild",
            regimen="home_quarantine",
            opened_at=NOW,
        )


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ([CaseState.RECOVERED], "move.not_allowed"),
        ([CaseState.AT_HOME, CaseState.DISCHARGED_HOME], "move.not_allowed"),
        ([CaseState.AT_HOME, CaseState.DIED, CaseState.AT_HOME], "move.not_allowed"),
    ],
)
def test_a_case_moves_only_along_its_life(town, path, code):
    case = make.case(town)
    doctor = town.actor("serik")
    *before, last = path
    for to in before:
        move_case(case_id=case.pk, to=to, by=doctor, now=NOW)
    with refused(code):
        move_case(case_id=case.pk, to=last, by=doctor, now=NOW)


def test_an_operator_does_not_say_that_somebody_recovered(town):
    case = make.observed(town).case
    with refused("move.not_yours"):
        move_case(case_id=case.pk, to=CaseState.RECOVERED, by=town.actor("aigerim"), now=NOW)


def test_readings_land_in_their_month_and_are_in_the_journal(town):
    case = make.observed(town).case
    record_readings(
        case=case,
        values=[Value(code="spo2", number=Decimal(95), unit="%"), Value(code="state", choice="same")],
        source=Source.OPERATOR,
        answers_uid=None,
        by=WORKER,
        now=NOW,
    )
    assert Reading.objects.filter(case=case).count() == 2
    entry = JournalEntry.objects.get(kind="readings.recorded")
    assert entry.values == {"spo2": "95", "state": "same"}


def test_a_conclusion_is_amended_by_a_newer_version_only(town):
    case, doctor = make.observed(town).case, town.actor("serik")
    first = sign_conclusion(case=case, findings=FINDINGS, by=doctor, now=NOW)
    second = sign_conclusion(case=case, findings=FINDINGS, amends=first, by=doctor, now=NOW)
    assert (second.version, list(conclusions_of(case))) == (2, [second])
    with refused("conclusion.amended"):
        sign_conclusion(case=case, findings=FINDINGS, amends=first, by=doctor, now=NOW)
    assert Evidence.objects.filter(kind="conclusion.signed").count() == 2


def test_codes_come_from_the_lists_and_a_doctor_signs(town):
    case, doctor = make.observed(town).case, town.actor("serik")
    wrong = Findings(severity=Severity.MILD, icd10="Z99.99", outcome="stays")
    with refused("conclusion.code_unknown"):
        sign_conclusion(case=case, findings=wrong, by=doctor, now=NOW)
    with refused("conclusion.needs_a_doctor"):
        sign_conclusion(case=case, findings=FINDINGS, by=WORKER, now=NOW)


def test_another_organisation_sees_no_clinical_row(town):
    case = make.observed(town).case
    record_readings(
        case=case,
        values=[Value(code="state", choice="same")],
        source=Source.ROBOT,
        answers_uid=None,
        by=WORKER,
        now=NOW,
    )
    with scope(town.actor("boris")):
        assert not Case.objects.exists()
        assert not Reading.objects.exists()
    with scope(town.actor("aigerim")):
        assert Case.objects.exists()


def test_opening_again_after_the_end(town):
    case = make.observed(town).case
    move_case(case_id=case.pk, to=CaseState.MOVED, by=town.actor("serik"), now=NOW)
    assert make.case(town, case.person).state == CaseState.OPENED
