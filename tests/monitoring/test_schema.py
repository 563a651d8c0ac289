"""A programme file that could harm is refused, in one sentence of the reader's language that names the place."""

import re
from decimal import Decimal

import pytest
import yaml
from django.utils import translation

from medet.base.refused import Refused
from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import Programme, check, read_programme
from medet.monitoring.schema.faults import WORDS
from tests.monitoring.variants import variant


def rule(content, code):
    return next(row for row in content["rules"] if row["code"] == code)


def question(content, key):
    return next(row for row in content["questions"] if row["key"] == key)


def rest(**changes):
    return lambda content: rule(content, "breath_at_rest").update(changes)


def when(**changes):
    return lambda content: rule(content, "spo2_low")["when"].update(changes)


def hours(**changes):
    return lambda content: content["schedule"]["window"].update(changes)


def schedule(**changes):
    return lambda content: content["schedule"].update(changes)


def option(**changes):
    return lambda content: question(content, "breath")["options"][1].update(changes)


def measure(**changes):
    return lambda content: content["measures"][0].update(changes)


def counted(**changes):
    return lambda content: content["days_in_a_row"].update(changes)


def without(place):
    return lambda content: rule(content, "breath_at_rest").pop(place)


# What is changed, the place that the sentence must name, and the fault.
FAULTS = [
    (rest(when={"breath": "rrest"}), "rules.breath_at_rest.when.breath", "one_of"),
    (rest(when={"breath": ["rest", "rrest"]}), "rules.breath_at_rest.when.breath", "one_of"),
    (rest(when={"breath": {"high": 3}}), "rules.breath_at_rest.when.breath", "condition"),
    (rest(when={"breath": []}), "rules.breath_at_rest.when.breath", "condition"),
    (rest(when={"breath": {"lo": 3}}), "rules.breath_at_rest.when.breath", "condition"),
    (rest(when={"breth": "rest"}), "rules.breath_at_rest.when.breth", "unknown_fact"),
    (rest(unless_known=["temprature"]), "rules.breath_at_rest.unless_known.temprature", "unknown_fact"),
    (rest(when={}), "rules.breath_at_rest.when", "empty"),
    (rest(when={"risk_group": "diabetis"}), "rules.breath_at_rest.when.risk_group", "one_of"),
    (rest(when={"age": {"low": 200}}), "rules.breath_at_rest.when.age", "outside"),
    (rest(when={"fever_days": {"low": 22}}), "rules.breath_at_rest.when.fever_days", "outside"),
    (when(spo2="low"), "rules.spo2_low.when.spo2", "range"),
    (when(spo2={}), "rules.spo2_low.when.spo2", "range"),
    (when(spo2={"low": 92, "high": 90}), "rules.spo2_low.when.spo2", "range"),
    (when(spo2={"high": 9.2}), "rules.spo2_low.when.spo2", "outside"),
    (when(spo2={"high": "ninety"}), "rules.spo2_low.when.spo2", "condition"),
    (rest(due="danger.callback_mins"), "rules.breath_at_rest.due", "due"),
    (rest(due="call.hours.start"), "rules.breath_at_rest.due", "due"),
    (rest(due="call.retry_minutes"), "rules.breath_at_rest.due", "due"),
    (rest(due=0), "rules.breath_at_rest.due", "due"),
    (rest(due=None), "rules.breath_at_rest.due", "due"),
    (without("due"), "rules.breath_at_rest.due", "missing"),
    (rest(owner="operator"), "rules.breath_at_rest.owner", "doctors"),
    (rest(band="amber"), "rules.breath_at_rest.advice", "advice_red"),
    (rest(band="grey"), "rules.breath_at_rest.band", "one_of"),
    (rest(advice="danger_advise"), "rules.breath_at_rest.advice", "prompt"),
    (rest(code="b" * 41), f"rules.{'b' * 41}.code", "long"),
    (rest(code="spo2_low"), "rules", "twice"),
    (hours(end="29:00"), "schedule.window.end", "time"),
    (hours(start="9:00"), "schedule.window.start", "time"),
    (hours(end="08:00"), "schedule.window", "window"),
    (hours(end="09:00"), "schedule.window", "window"),
    (schedule(days=0), "schedule.days", "least"),
    (schedule(every_days=0), "schedule.every_days", "least"),
    (schedule(every_days="often"), "schedule.every_days", "whole"),
    (option(digit="1"), "questions.breath.options.digit", "twice"),
    (option(digit="12"), "questions.breath.options.exertion.digit", "digit"),
    (option(value="none"), "questions.breath.options.value", "twice"),
    (option(value=False), "questions.breath.options.False.value", "text"),
    (option(label={"kk": "a", "ru": "b"}), "questions.breath.options.exertion.label.en", "missing"),
    (lambda content: question(content, "breath").update(options=[]), "questions.breath.options", "few"),
    (lambda content: question(content, "breath").update(options="none"), "questions.breath.options", "list"),
    (lambda content: question(content, "breath").update(key="fever"), "questions", "twice"),
    (lambda content: question(content, "breath").update(key="age"), "questions", "twice"),
    (measure(key="fever"), "measures", "twice"),
    (measure(key="m" * 31), f"measures.{'m' * 31}", "long"),
    (measure(low="few"), "measures.spo2.low", "number"),
    (measure(high=40), "measures.spo2", "range"),
    (measure(decimals=3), "measures.spo2.decimals", "decimals"),
    (counted(fever_days={"fever": "above40"}), "days_in_a_row.fever_days.fever", "one_of"),
    (counted(fever_days={"temprature": {"low": 38}}), "days_in_a_row.fever_days.temprature", "unknown_fact"),
    (counted(fever_days={"age": {"low": 38}}), "days_in_a_row.fever_days.age", "unknown_fact"),
    (counted(fever_days={}), "days_in_a_row.fever_days", "empty"),
    (counted(spo2={"fever": "above39"}), "days_in_a_row", "twice"),
    (lambda content: content.pop("days_in_a_row"), "rules.fever_three_days.when.fever_days", "unknown_fact"),
    (lambda content: content.update(colour="red"), "colour", "unknown_key"),
    (lambda content: content.update(code="Covid Home"), "code", "code"),
    (lambda content: content.update(rules="none"), "rules", "list"),
    (lambda content: content.update(title="COVID"), "title", "group"),
]


def refused(path):
    with pytest.raises(Refused) as refusal:
        read_programme(path)
    return refusal.value


@pytest.mark.parametrize(("change", "place", "code"), FAULTS)
def test_a_faulty_file_is_refused_by_its_place(tmp_path, change, place, code):
    refusal = refused(variant(tmp_path, change))
    assert refusal.values["problem"].code == code
    assert f": {place}: " in refusal.sentence()
    assert "covid-home.yaml" in refusal.sentence()


TEXTS = [
    (lambda text: text[: len(text) // 2] + "}{", "not_yaml"),
    (lambda text: text + "\nrules: []\n", "key_twice"),
    (lambda text: "- one\n- two\n", "group"),
    (lambda text: "\ud800", "unreadable"),
]


@pytest.mark.parametrize(("change", "code"), TEXTS)
def test_a_text_that_is_no_programme(tmp_path, change, code):
    path = tmp_path / "covid-home.yaml"
    path.write_bytes(change((FOLDER / "covid-home.yaml").read_text("utf-8")).encode("utf-8", "surrogatepass"))
    assert refused(path).values["problem"].code == code


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "none.yaml").values["problem"].code == "unreadable"


def test_every_fault_that_has_words_is_tried():
    assert {code for *_, code in (*FAULTS, *TEXTS)} | {"unusable"} == set(WORDS)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(("change", "place", "code"), FAULTS)
def test_the_sentence_is_the_readers_own(tmp_path, language, change, place, code):
    """It is made when it is read; nothing English stays in it beside the names of the file itself."""
    refusal = refused(variant(tmp_path, change))
    with translation.override(language):
        said = refusal.sentence()
    assert "\n" not in said
    words = said.split(f": {place}: ")[1]
    of_the_file = re.sub(r"«[^»]*»|:.*", "", words).replace("low", "").replace("high", "")
    assert not re.search(r"[A-Za-z]{2}", re.sub(r"\b(yes|no)\b", "", of_the_file)), said


def test_what_is_stored_stays_readable(tmp_path):
    """A version that today's checks would refuse was in force once, and its answers are still shown."""
    content = yaml.safe_load((FOLDER / "covid-home.yaml").read_text("utf-8"))
    content.pop("days_in_a_row")
    hours(end="29:00")(content)
    stored = Programme.model_validate(content)
    assert stored.rule("spo2_low").when["spo2"].high == Decimal(92)
    with pytest.raises(Refused):
        check(stored, name="covid-home")


def test_shipped_files_are_sound():
    for path in FOLDER.glob("*.yaml"):
        read_programme(path)
