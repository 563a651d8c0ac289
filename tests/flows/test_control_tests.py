"""What a laboratory's list says of somebody who is ill stands in their case, with the day of the sample."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import translation

from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.scope import scope
from medet.flows.observe import observe, register_case
from medet.flows.settle_row import doubt_of, settle_row
from medet.flows.well_again import lacks_pcr
from medet.places.states import Kind
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import Choice, RowState
from medet.records.models import Case, Reading
from medet.records.queries import last_test_of
from medet.records.rules import PcrTest, last_test
from medet.records.states import Pcr
from medet.staff.states import Role
from medet.web.card.facts import facts_of
from medet.web.card.timeline import timeline
from medet.worker.reference import load_reference
from tests import make
from tests.flows.test_take_list import given, outcomes, row_of, taken
from tests.flows.test_two_places import MILD
from tests.records.intake.faulty import RU, good

NOW = make.NOON
NEGATIVE, POSITIVE = {"result": "отрицательный"}, {"result": "положительный"}


def november(day):
    return date(2026, 11, day)


def of_day(day, **said):
    return {"taken": f"{day}.11.2026"} | said


def pcr():
    rows = Reading.objects.filter(code="pcr").order_by("pk")
    return [(local_day(row.at).day, row.choice, row.source) for row in rows]


def test_a_negative_control_stands_in_the_case_and_is_told(town):
    taken(town, given(town, good(1, taken="20.11.2026")))
    case = Case.objects.get()
    assert outcomes(taken(town, given(town, good(1, **of_day(23, **NEGATIVE))))) == {"negative": 1}
    assert pcr() == [(20, "positive", "laboratory"), (23, "negative", "laboratory")]
    assert last_test_of(case) == PcrTest(november(23), Pcr.NEGATIVE)
    assert {(row.case_id, row.organisation_id) for row in Reading.objects.filter(code="pcr")} == {
        (case.pk, town.centre.pk)
    }
    assert IntakeRow.objects.get(outcome="negative").case == case
    entry = JournalEntry.objects.get(kind="pcr.recorded", code="negative")
    assert (entry.case_id, entry.person_id, entry.values) == (case.pk, case.person_id, {"on": "2026-11-23"})
    with translation.override("en"):
        told = [row.text for row in timeline(case.person, actor=town.actor("serik"), now=NOW, limit=9).rows]
        facts = {fact.label: fact.value for fact in facts_of(case.person, case)}
    assert "PCR of 23\u00a0November: negative" in told
    assert "negative, 23" in facts["Last PCR"]


def test_a_control_that_is_said_again_is_one_reading(town):
    """Both ways of taking a list are compared, with their readings, in test_take_many."""
    taken(town, given(town, good(1, taken="20.11.2026")))
    taken(town, given(town, good(1, **of_day(23, **NEGATIVE))))
    taken(town, given(town, good(1, **of_day(23, phone="87019999999", **NEGATIVE)), good(2)))
    assert pcr()[:2] == [(20, "positive", "laboratory"), (23, "negative", "laboratory")]
    assert len(pcr()) == 3


def test_the_same_negative_in_another_file_withdraws_nothing(town):
    """The row of a control holds no case, so that a repeat of it is no correction."""
    taken(town, given(town, good(1, taken="20.11.2026")))
    for number in ("87019999991", "87019999992"):
        one = taken(town, given(town, good(1, **of_day(23, phone=number, **NEGATIVE))))
        assert outcomes(one) == {"negative": 1}
    assert Case.objects.get().state == "at_home"
    # And the withdrawal of the only positive still ends it as a mistake.
    taken(town, given(town, good(1, taken="20.11.2026", result="отозван")))
    assert Case.objects.get().state == "mistaken"


def test_a_negative_of_somebody_who_is_not_ill_writes_nothing(town):
    make.person(town)
    taken(town, given(town, good(1, **NEGATIVE)))
    assert pcr() == []
    assert not JournalEntry.objects.filter(kind="pcr.recorded").exists()


def test_a_positive_after_the_negative_is_the_last_word(town):
    taken(town, given(town, good(1, taken="18.11.2026")))
    taken(town, given(town, good(1, **of_day(20, **NEGATIVE)), good(2)))
    taken(town, given(town, good(1, **of_day(22, **POSITIVE))))
    case = Case.objects.get(person__iin_hash=IntakeRow.objects.filter(number=2).first().person.iin_hash)
    assert last_test_of(case) == PcrTest(november(22), Pcr.POSITIVE)
    # The laboratory takes it back: the negative of before stands again.
    taken(town, given(town, good(1, **of_day(22, result="отозван"))))
    assert last_test_of(case) == PcrTest(november(20), Pcr.NEGATIVE)
    assert case.state == "at_home"


def test_a_sample_taken_back_leaves_the_other_one_of_its_day(town):
    head = [*RU, "Номер пробы"]
    for number in ("A", "B"):
        taken(town, given(town, [*good(1, **of_day(22, **POSITIVE)), number], head=head))
    case = Case.objects.get()
    taken(town, given(town, [*good(1, **of_day(22, result="отозван")), "A"], head=head))
    assert last_test_of(case) == PcrTest(november(22), Pcr.POSITIVE)
    taken(town, given(town, [*good(1, **of_day(22, result="отозван")), "B"], head=head))
    assert last_test_of(case) is None
    assert Case.objects.get().state == "mistaken"


def test_whose_data_differ_is_no_control_before_somebody_looked(town):
    """A negative may end a case: under another name it is a person's to decide."""
    enrolment = make.observed(town)
    one = taken(town, given(town, row_of(enrolment.person, family="Ахметова", **NEGATIVE)))
    row = one.rows.get()
    assert (row.state, row.reasons, pcr()) == (RowState.CHECK, ["other_name"], [])
    aigerim = town.actor("aigerim")
    assert doubt_of(row, one, by=aigerim, now=NOW).choices == [Choice.SAME, Choice.LEAVE]
    with scope(aigerim):
        settle_row(given=one, number=row.number, choice=Choice.SAME, by=aigerim, now=NOW)
    assert [said[1] for said in pcr()] == ["negative"]


def test_whom_another_centre_follows_has_it_there(town):
    far = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    operator = make.with_roles(town, "olga", (Role.OPERATOR, far))
    who = make.person(town)
    with scope(operator):
        case = register_case(person=who, diagnosis=MILD, organisation=far, by=operator, now=NOW)
        observe(case=case, programme_code="covid-home", by=operator, now=NOW)
    taken(town, given(town, row_of(who, **NEGATIVE)))
    assert Reading.objects.get(code="pcr").organisation == far
    assert last_test_of(case).result == Pcr.NEGATIVE


def test_results_of_lists_taken_before_cases_kept_them_are_read_again(town):
    who, other = make.person(town), partial(good, 4321)
    later, head = NOW + timedelta(hours=1), [*RU, "Номер пробы"]

    def list_of(now, *rows):
        taken(town, given(town, *rows, head=head, now=now), now=now)

    list_of(NOW, [*row_of(who, **of_day(12, **NEGATIVE)), ""])
    ill = (row_of(who, **of_day(20)), other(**of_day(20)))
    list_of(later, *([*row, sample] for row in ill for sample in ("A", "B")))
    list_of(later, [*other(**of_day(22, **NEGATIVE)), "C"])
    list_of(later, [*row_of(who, **of_day(20, result="отозван")), "A"])
    # As the release before left it: no result in a case, and no case on the row of a negative one.
    Reading.objects.filter(code="pcr").delete()
    IntakeRow.objects.filter(outcome="negative").update(case=None)
    IntakeList.objects.update(given_at=NOW - timedelta(days=3650))
    for _ in range(2):
        load_reference(now=later)
        assert sorted(pcr()) == [(20, "positive", "laboratory")] * 2 + [(22, "negative", "laboratory")]
    case_of = {case.person_id == who.pk: case for case in Case.objects.all()}
    assert lacks_pcr(case_of[True], now=NOW)
    assert not lacks_pcr(case_of[False], now=NOW)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ([], None),
        ([(20, "positive")], (20, "positive")),
        ([(20, "positive"), (23, "negative")], (23, "negative")),
        ([(23, "negative"), (20, "positive")], (23, "negative")),  # a list that comes late changes no order of days
        ([(23, "negative"), (23, "positive")], (23, "positive")),
        ([(20, "positive"), (20, "withdrawn")], None),
        ([(20, "positive"), (20, "withdrawn"), (20, "positive")], (20, "positive")),
        ([(20, "negative"), (23, "positive"), (23, "withdrawn")], (20, "negative")),
    ],
)
def test_the_last_test(said, last):
    found = last_test(PcrTest(november(day), Pcr(result)) for day, result in said)
    assert found == (PcrTest(november(last[0]), Pcr(last[1])) if last else None)


def test_the_day_is_the_samples_and_not_the_lists(town):
    later = NOW + timedelta(hours=1)
    taken(town, given(town, good(1, taken="20.11.2026")))
    taken(town, given(town, good(1, **of_day(22, **NEGATIVE)), now=later), now=later)
    assert local_day(Reading.objects.get(choice="negative").at) == november(22)
    assert Reading.objects.get(choice="negative").by_user == town.users["aigerim"]
