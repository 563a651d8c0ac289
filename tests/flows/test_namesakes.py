"""A row without a number that names somebody as the register does: a person says whether it is the same one."""

from uuid import uuid4

import pytest

from medet.base.scope import scope
from medet.flows.settle_row import doubt_of, settle_row
from medet.people.models import Person
from medet.records.intake.models import IntakeRow
from medet.records.intake.states import Choice, ListState, Outcome, RowState
from medet.records.models import Case, Reading
from medet.records.states import CaseState
from tests import make
from tests.flows.test_take_list import given, outcomes, taken
from tests.records.intake.faulty import good
from tests.refusing import refused

NOW = make.NOON
SAME, OTHER, LEAVE = Choice.SAME, Choice.OTHER, Choice.LEAVE


def nameless(town, **said):
    """A list with one row that has no number; taken as far as the worker can."""
    one = taken(town, given(town, good(1, iin="", **said)))
    return one, one.rows.get()


def doubt(town, one, row):
    return doubt_of(row, one, by=town.actor("aigerim"), now=NOW)


def settle(town, one, choice, **who):
    """As the operator does it, who sees no other organisation's rows."""
    aigerim = town.actor("aigerim")
    with scope(aigerim):
        settle_row(given=one, number=one.rows.get().number, choice=choice, by=aigerim, now=NOW, **who)
    return IntakeRow.objects.get(given=one)


def pcr():
    return list(Reading.objects.filter(code="pcr").order_by("pk").values_list("case", "choice"))


def test_the_same_person_is_followed_and_not_doubled(town):
    who = make.person(town)
    one, row = nameless(town)
    assert (row.state, row.reasons, row.person) == (RowState.CHECK, ["same_name"], None)
    assert doubt(town, one, row).choices == [SAME, OTHER, LEAVE]
    row = settle(town, one, SAME)
    assert (row.outcome, row.person, row.opened_case) == (Outcome.NEW, who, True)
    assert Person.objects.get() == who
    assert Case.objects.get().state == CaseState.AT_HOME
    one.refresh_from_db()
    assert one.state == ListState.TAKEN


def test_a_second_test_of_somebody_who_is_ill_is_told_of_the_case(town):
    case = make.observed(town).case
    one, _row = nameless(town, phone="", street="", house="")
    row = settle(town, one, SAME)
    assert (row.outcome, row.case) == (Outcome.KNOWN, case)
    assert (pcr(), Case.objects.count()) == ([(case.pk, "positive")], 1)


def test_of_two_it_must_be_said_who(town):
    first, second = make.person(town), make.person(town)
    one, row = nameless(town)
    assert doubt(town, one, row).people == [first, second]
    for nobody in ({}, {"person": uuid4()}):
        with refused("list.choice_impossible"):
            settle(town, one, SAME, **nobody)
    assert settle(town, one, SAME, person=second.uid).person == second
    assert Case.objects.get().person == second


def test_a_control_of_somebody_who_is_ill_is_not_dropped(town):
    case = make.observed(town).case
    one, row = nameless(town, result="отрицательный")
    assert (row.state, row.reasons, pcr()) == (RowState.CHECK, ["same_name"], [])
    assert settle(town, one, SAME).outcome == Outcome.NEGATIVE
    assert pcr() == [(case.pk, "negative")]


def test_a_control_of_another_person_opens_nothing(town):
    make.observed(town)
    one, _row = nameless(town, result="отрицательный")
    row = settle(town, one, OTHER)
    assert (row.outcome, row.case) == (Outcome.NEGATIVE, None)
    assert (Person.objects.count(), Case.objects.count(), pcr()) == (1, 1, [])


def test_a_negative_of_whom_nobody_follows_is_no_work(town):
    make.person(town)
    one, row = nameless(town, result="отрицательный")
    assert (row.state, outcomes(one)) == (RowState.TAKEN, {"negative": 1})


def test_what_is_taken_back_was_said_of_somebody_known(town):
    taken(town, given(town, good(1, iin="")))
    case = Case.objects.get()
    one, row = nameless(town, result="отозван")
    assert doubt(town, one, row).choices == [SAME, LEAVE]
    with refused("list.choice_impossible"):
        settle(town, one, OTHER)
    assert settle(town, one, SAME).outcome == Outcome.WITHDRAWN
    case.refresh_from_db()
    assert case.state == CaseState.MISTAKEN


def test_whom_one_may_not_see_is_not_offered(town):
    """The reader would judge by nothing but the name that made the doubt."""
    hidden = make.person(town)
    Person.objects.filter(pk=hidden.pk).update(organisation=town.other_clinic)
    one, row = nameless(town)
    found = doubt(town, one, row)
    assert (found.people, found.choices) == ([], [OTHER, LEAVE])
    with refused("list.choice_impossible"):
        settle(town, one, SAME, person=hidden.uid)


@pytest.mark.parametrize("state", [CaseState.RECOVERED, CaseState.DIED])
def test_an_end_that_is_known_is_no_surprise(town, state):
    """A new case of who was well again; the dead are refused to an operator."""
    case = make.observed(town).case
    Case.objects.filter(pk=case.pk).update(state=state, ended_at=NOW)
    one, _row = nameless(town)
    if state == CaseState.DIED:
        with refused("case.person_died"):
            settle(town, one, SAME)
    else:
        assert settle(town, one, SAME).outcome == Outcome.NEW
