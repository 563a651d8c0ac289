"""Every figure of the report opens rows whose number it is."""

from datetime import date, timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.observe import observe
from medet.reports.measures import ADMITTED, INBOUND, MEASURES, NEW, NOW, OUTBOUND
from medet.reports.periods import Period
from medet.reports.queries import rows_of, table, tables
from medet.reports.tables import Figure
from tests.reports.round import DECEMBER, lived

pytestmark = pytest.mark.django_db
BOTH = Period(date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture
def town():
    return lived()


def counts(measure, code, town, period=BOTH):
    actor = town.actor("saule", now=DECEMBER)
    with scope(actor):
        made = table(measure, measure.part(code), period=period, by=actor)
        return {line.part: [figure.count for figure in line.months] for line in made.lines}, made


def test_new_patients_by_month_leave_out_what_was_a_mistake(town):
    by_district, made = counts(NEW, "district", town)
    assert by_district == {town.district.kato: [2, 1]}
    assert [figure.count for figure in made.all.months] == [2, 1]
    assert made.all.whole.count == 3
    assert str(made.lines[0].change) == "-50.0"
    assert counts(NEW, "age", town)[0] == {"65-79": [2, 1]}
    assert counts(NEW, "risk", town)[0] == {"none": [2, 1]}


def test_a_second_watch_over_a_case_is_no_new_patient(town):
    aigerim = town.actor("aigerim", now=DECEMBER)
    with scope(WORKER):
        case = next(iter(ADMITTED.rows(aigerim)))
        observe(case=case, programme_code="covid-home", by=aigerim, now=DECEMBER + timedelta(days=3))
    assert counts(NEW, "district", town)[0] == {town.district.kato: [2, 1]}
    assert counts(NOW, "severity", town)[1].all.whole.count == 3


def test_calls_both_ways(town):
    assert counts(INBOUND, "reason", town)[0] == {"complaint": [1, 0], "suspected": [0, 2]}
    assert counts(OUTBOUND, "outcome", town)[0] == {"written": [1, 0]}
    inbound = counts(INBOUND, "reason", town)[1]
    assert [str(figure.share) for figure in inbound.all.months] == ["100.00", "100.00"]
    assert str(inbound.lines[0].whole.share) == "33.33"


def test_admitted_counts_the_first_time_only(town):
    assert counts(ADMITTED, "severity", town)[1].all.whole.count == 1
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert counts(ADMITTED, "severity", town, november)[1].all.whole.count == 0


def test_every_figure_opens_its_rows(town):
    actor = town.actor("saule", now=DECEMBER)
    with scope(actor):
        made = list(tables(period=BOTH, by=actor))
        figures = [figure for one in made for figure in one.figures]
        assert {one.measure for one in made} == set(MEASURES)
        assert sum(figure.count for figure in figures) > 60
        for figure in figures:
            assert len(rows_of(figure, by=actor)) == figure.count, figure


def test_another_organisation_counts_nothing(town):
    actor = town.actor("dana", now=DECEMBER)
    with scope(actor):
        assert not any(one.all.whole.count for one in tables(period=BOTH, by=actor))


@pytest.mark.parametrize(
    "figure",
    [
        Figure(0, "nothing", BOTH),
        Figure(0, "new", BOTH, "reason", "x"),
        Figure(0, "new", None),
    ],
)
def test_what_is_no_figure_is_refused(town, figure):
    with pytest.raises(Refused, match=r"^report\.unknown$"):
        rows_of(figure, by=town.actor("saule", now=DECEMBER))
