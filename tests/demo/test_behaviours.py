"""What the people of the city press follows from the programme file, and from nothing else."""

from pathlib import Path

import pytest

from medet.demo.phones.behaviours import RULES, Behaviour, Line, calm, read, script, troubled, write
from medet.monitoring.actions import FOLDER
from medet.monitoring.rules import findings
from medet.monitoring.schema import Programme, read_programme

COVID = read_programme(FOLDER / "covid-home.yaml")
WORDS = {"kk": "x", "ru": "x", "en": "x"}
SMELL = {
    "key": "smell",
    "label": WORDS,
    "spoken": WORDS,
    "options": [{"digit": "1", "value": "lost", "label": WORDS}, {"digit": "7", "value": "kept", "label": WORDS}],
}
LOST = {
    "code": "worse", "when": {"smell": "lost"}, "band": "amber", "owner": "doctor", "due": 60, "reason": WORDS,
    "source": "test",
}  # fmt: skip


def changed() -> Programme:
    """One more question, and the rule that makes somebody worse now asks for it."""
    content = COVID.model_dump(mode="json")
    content["questions"].append(SMELL)
    content["rules"] = [*(rule for rule in content["rules"] if rule["code"] != "worse"), LOST]
    return Programme.model_validate(content)


def keys(behaviour: Behaviour, programme: Programme) -> str:
    return "".join(step.at(0) for step in script(Line(behaviour, (1959,)), programme))


def test_calm_answers_fire_no_rule() -> None:
    assert findings(COVID, calm(COVID)) == []


@pytest.mark.parametrize("behaviour", RULES)
def test_troubled_answers_fire_their_rule(behaviour: Behaviour) -> None:
    found = findings(COVID, calm(COVID) | troubled(COVID, RULES[behaviour]))
    assert RULES[behaviour] in {finding.rule.code for finding in found}


def test_a_new_question_is_answered_without_touching_the_phones() -> None:
    assert keys(Behaviour.FINE, COVID) == "1959111112"
    assert keys(Behaviour.FINE, changed()) == "19591111127"
    assert keys(Behaviour.WORSE, changed()) == "19591111121"
    assert keys(Behaviour.WRONG_KEYS, changed()) == "19599999999"


def test_who_hangs_up_answers_two_questions_first() -> None:
    steps = script(Line(Behaviour.HANGS_UP, (1959,)), COVID)
    assert [step.at(0) for step in steps[:4]] == ["1959", "1", "1", ""]


def test_years_of_a_shared_line_are_tried_in_order_and_the_last_stays() -> None:
    year = script(Line(Behaviour.FINE, (1959, 1987)), COVID)[0]
    assert [year.at(time) for time in range(3)] == ["1959", "1987", "1987"]


def test_a_household_hands_the_receiver_on_until_nobody_is_left() -> None:
    steps = {step.prompt: step for step in script(Line(Behaviour.FINE, (1959, 1987)), COVID)}
    assert steps["household_ask_person"].at(0) == "1959"
    assert [steps["household_next"].at(time) for time in range(2)] == ["1987", "0"]


def test_file_of_lines(tmp_path: Path) -> None:
    lines = {"+77000000001": Line(Behaviour.BUSY), "+77000000002": Line(Behaviour.FINE, (1959, 1987), "kk")}
    write(tmp_path / "a" / "phones.json", lines)
    assert read(tmp_path / "a" / "phones.json") == lines
