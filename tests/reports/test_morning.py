"""The morning's figures now and a day before; each list has as many rows as its figure."""

from datetime import timedelta

import pytest
from django.db import connection

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.end_case import end_case
from medet.flows.ladder import climb_overdue
from medet.flows.redirect_visit import redirect_visit
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit
from medet.flows.windows import close_windows
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitState
from medet.records.states import CaseState
from medet.reports.morning import STANDINGS, figures, rows_of, split
from tests import make
from tests.refusing import refused

NOW, DAY, HOUR = make.NOON, timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def saule(town):
    return town.actor("saule")


def asked(town, *, now=NOW):
    """Somebody whom the clinic is to visit within two hours."""
    wish = VisitWish(reason="worsening", urgency="two_hours")
    return request_visit(case=make.observed(town).case, wish=wish, by=town.actor("aigerim"), now=now)


def counts(saule, now):
    return {figure.code: (figure.now, figure.before) for figure in figures(by=saule, now=now)}


def test_a_visit_is_late_and_then_closed(town, saule):
    visit = asked(town)
    later = NOW + 3 * HOUR
    assert counts(saule, NOW)["late_visits"] == (0, 0)
    assert (counts(saule, later)["visits"], counts(saule, later)["late_visits"]) == ((1, 0), (1, 0))
    [clinic] = split("late_visits", by=saule, now=later)
    assert (clinic.part, clinic.now, clinic.before) == (town.clinic, 1, 0)
    advance_visit(visit=visit, to=VisitState.REFUSED, by=town.actor("dana"), now=later, refusal="no car")
    advance_visit(visit=HomeVisit.objects.get(), to=VisitState.CLOSED, by=town.actor("aigerim"), now=later)
    tomorrow = later - timedelta(minutes=1) + DAY
    assert (counts(saule, tomorrow)["visits"], counts(saule, tomorrow)["late_visits"]) == ((0, 1), (0, 1))


def test_who_was_not_found_and_is_gone_to_once_more_is_late_again(town, saule):
    visit, dana, later = asked(town), town.actor("dana"), NOW + 3 * HOUR
    for to in (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.NOT_FOUND):
        advance_visit(visit=visit, to=to, by=dana, now=NOW)
    assert counts(saule, later)["late_visits"] == (0, 0)
    advance_visit(visit=visit, to=VisitState.ASSIGNED, by=dana, now=NOW + HOUR)
    assert counts(saule, later)["late_visits"] == (1, 0)


def test_who_is_gone_to_once_more_was_the_centres_yesterday(town, saule):
    """Also when the second visit was made since."""
    visit, dana, later = asked(town), town.actor("dana"), NOW + 3 * HOUR
    for to in (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.NOT_FOUND):
        advance_visit(visit=visit, to=to, by=dana, now=NOW)
    advance_visit(visit=visit, to=VisitState.ASSIGNED, by=dana, now=later + DAY - HOUR)
    assert counts(saule, later + DAY)["late_visits"] == (1, 0)
    assert [(one.now, one.before) for one in split("late_visits", by=saule, now=later + DAY)] == [(1, 0)]
    assert counts(saule, later + 2 * DAY)["late_visits"] == (1, 1)
    advance_visit(visit=visit, to=VisitState.REFUSED, by=dana, now=later + DAY, refusal="moved away")
    assert counts(saule, later + DAY)["late_visits"] == (0, 0)
    assert counts(saule, later + 2 * DAY - HOUR)["late_visits"] == (0, 1)


def test_what_was_refused_and_redirected_since_was_the_centres_yesterday(town, saule):
    visit, later = asked(town), NOW + 3 * HOUR
    advance_visit(visit=visit, to=VisitState.REFUSED, by=town.actor("dana"), now=NOW, refusal="no car")
    redirect_visit(visit=visit, to=town.other_clinic, why="No car", by=town.actor("saule"), now=later + DAY - HOUR)
    assert counts(saule, later + DAY)["late_visits"] == (1, 0)


def test_who_was_not_reached_yesterday(town, saule):
    make.observed(town)
    evening, morning = NOW + 9 * HOUR, NOW + 20 * HOUR
    assert counts(saule, evening)["not_reached"] == (0, 0)
    close_windows(by=WORKER, now=evening)
    assert counts(saule, morning)["not_reached"] == (1, 0)
    assert counts(saule, morning + DAY)["not_reached"] == (0, 1)


def test_a_contact_that_was_cancelled_since_was_owed_yesterday(town, saule):
    case, morning = make.observed(town).case, NOW + 20 * HOUR
    close_windows(by=WORKER, now=NOW + 9 * HOUR)
    end_case(case=case, to=CaseState.MOVED, by=town.actor("serik"), now=morning + HOUR)
    assert counts(saule, morning + 2 * HOUR)["not_reached"] == (0, 0)
    assert counts(saule, morning + DAY)["not_reached"] == (0, 1)


def test_a_request_that_was_redirected_since_was_not_closed_yesterday(town, saule):
    visit, later = asked(town), NOW + 3 * HOUR
    redirect_visit(visit=visit, to=town.other_clinic, why="Another street", by=town.actor("dana"), now=later)
    assert counts(saule, later)["visits"] == (1, 0), "it is the other clinic's now"
    assert counts(saule, later - HOUR + DAY)["visits"] == (1, 1)
    assert counts(saule, later - HOUR + DAY)["late_visits"] == (1, 1)


def test_a_task_that_climbed_since_was_late_yesterday(town, saule):
    visit = asked(town)
    advance_visit(visit=visit, to=VisitState.REFUSED, by=town.actor("dana"), now=NOW, refusal="no car")
    late = NOW + 2 * HOUR
    assert counts(saule, late)["late_tasks"] == (1, 0)
    climb_overdue(by=WORKER, now=late)
    assert counts(saule, late)["late_tasks"] == (1, 0), "one that climbed is late all the same"
    assert counts(saule, late + DAY)["late_tasks"] == (1, 1)
    [row] = rows_of("late_tasks", by=saule, now=late)
    assert row.late_from == NOW + HOUR


def test_each_figure_opens_as_many_rows(town, saule):
    asked(town)
    asked(town)
    later = NOW + 30 * HOUR
    for figure in figures(by=saule, now=later):
        assert rows_of(figure.code, by=saule, now=later).count() == figure.now
    assert {figure.now for figure in figures(by=saule, now=later)} != {0}
    for figure in split("late_visits", by=saule, now=later):
        assert rows_of(figure.code, part=str(figure.part.uid), by=saule, now=later).count() == figure.now


@pytest.mark.parametrize(("code", "index"), [("late_tasks", "task_closed_since"), ("not_reached", "due_of_day")])
def test_years_of_what_is_over_are_not_read(saule, code, index):
    """The rows of a test are too young for statistics: what is asked is whether every part has an index."""
    with scope(saule), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plans = [rows_of(code, by=saule, now=NOW)[:50].explain(), STANDINGS[code].rows(saule, NOW - DAY).explain()]
    for plan in plans:
        assert "Seq Scan" not in plan, plan
        assert index in plan, plan


def test_what_is_no_figure_is_refused(saule):
    with refused("report.unknown"):
        rows_of("nosuch", by=saule, now=NOW)
    with refused("report.unknown"):
        rows_of("visits", part="00000000-0000-0000-0000-000000000000", by=saule, now=NOW)
