"""Rules over facts: ranges, missing facts, order; and the programme file's own refusals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.base.refused import Refused
from medet.monitoring.actions import FOLDER
from medet.monitoring.rules import band, findings
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


def write(tmp_path, change):
    text = (FOLDER / "covid-home.yaml").read_text(encoding="utf-8")
    path = tmp_path / "covid-home.yaml"
    path.write_text(change(text), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("questions:", "colour: red\nquestions:"),
        lambda text: text.replace("when: {breath: rest}", "when: {breth: rest}"),
        lambda text: text.replace('{digit: "1", value: better', '{digit: "11", value: better'),
        lambda text: text[: len(text) // 2] + "}{",
    ],
    ids=["unknown key", "unknown fact", "two digits", "not YAML"],
)
def test_a_faulty_programme_is_one_sentence(tmp_path, change):
    with pytest.raises(Refused) as refusal:
        read_programme(write(tmp_path, change))
    sentence = refusal.value.sentence()
    assert "covid-home.yaml" in sentence
    assert "\n" not in sentence
