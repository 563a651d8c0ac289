"""Rules over facts: ranges, missing facts, order, days in a row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.monitoring.actions import FOLDER
from medet.monitoring.rules import band, counted, findings
from medet.monitoring.schema import read_programme

COVID = read_programme(FOLDER / "covid-home.yaml")
ANSWERS = {question.key: [option.value for option in question.options] for question in COVID.questions}


def judged(**facts):
    return band(findings(COVID, facts))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"spo2": Decimal(95)}, "green"),
        ({"spo2": Decimal(94)}, "amber"),
        ({"spo2": Decimal(93)}, "amber"),
        ({"spo2": Decimal(92)}, "red"),
        ({"temperature": Decimal("38.0")}, "green"),
        ({"temperature": Decimal("38.1")}, "amber"),
        ({"temperature": Decimal("39.0")}, "amber"),
        ({"temperature": Decimal("39.1")}, "red"),
        ({"resp_rate": Decimal(21)}, "green"),
        ({"resp_rate": Decimal(22)}, "amber"),
        ({"resp_rate": Decimal(25)}, "red"),
        ({"pulse": Decimal(99)}, "green"),
        ({"pulse": Decimal(110)}, "amber"),
        ({"pulse": Decimal(111)}, "red"),
        ({"breath": "rest", "state": "better"}, "red"),
        ({"state": "worse", "breath": "exertion", "fever": "38to39"}, "red"),
        ({"state": "worse", "breath": "exertion", "temperature": Decimal("38.4")}, "red"),
        ({"fever": "38to39", "fever_days": 2}, "amber"),
        ({"fever": "38to39", "fever_days": 3}, "red"),
        ({"fever": "below38", "fever_days": 3}, "green"),
        ({"temperature": Decimal("38.4"), "fever_days": 3}, "amber"),
        ({"temperature": Decimal("38.5"), "fever_days": 3}, "red"),
        ({"at_home": "no"}, "green"),
        ({}, "green"),
    ],
)
def test_limits(facts, expected):
    assert judged(**facts) == expected


@given(st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in ANSWERS.items()}))
def test_a_further_answer_never_lowers_the_band(answers):
    """Findings only add up, so answers may be judged key by key while the call goes on."""
    order = {"red": 0, "amber": 1, "green": 2}
    for key in answers:
        fewer = {other: value for other, value in answers.items() if other != key}
        assert order[judged(**answers)] <= order[judged(**fewer)]


@given(st.sets(st.integers(min_value=0, max_value=25)))
def test_days_in_a_row_are_counted_back_from_yesterday(ago):
    today = date(2026, 11, 23)
    told = [(today - timedelta(days=day), "fever", "38to39") for day in ago]
    expected = next(count for count in range(30) if count + 1 not in ago)
    assert counted(COVID, told, today=today) == {"fever_days": expected}


def test_a_measured_temperature_speaks_instead_of_the_key():
    told = {"fever": "38to39", "fever_days": 3}
    assert judged(**told) == "red"
    assert judged(**told, temperature=Decimal("38.4")) == "amber"
    assert judged(**told, temperature=Decimal("38.5")) == "red"
