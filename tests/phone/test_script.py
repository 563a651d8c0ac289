"""The robot's script word by word, on a leg that says what was played and hangs up where it is told to."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.engines.telephony import CollectEnd, Digits, EndedBy, Key, LegEnd, LegEnded, Outcome, PlayResult, Times
from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import Range, read_programme
from medet.phone.listener import Patient, Talk
from medet.phone.script import WITHIN, converse, prompts_of, within

COVID = read_programme(FOLDER / "covid-home.yaml")
MINUTES = {rule.code: 15 for rule in COVID.rules if rule.advice}
FINE = ["1959", "1", "1", "1", "1", "1", "2"]
DANGER = ["1959", "3", "3"]
ENDED = LegEnd(Outcome.ANSWERED, 200, "hung up", EndedBy.PEER, Times(invited=0.0))


class Tape:
    """A voice whose audio is the prompt's own name."""

    def pcm(self, key):
        return f"{key}|".encode()

    def version(self, key):
        return "1"


@dataclass
class ScriptedLeg:
    """Keys in order; ends when `ends_at` begins to play."""

    keys: list[str]
    ends_at: str = ""
    heard: list[str] = field(default_factory=list)

    async def play(self, pcm, *, barge_in=True):
        self._hear(pcm)
        return PlayResult(finished=True, heard_s=1.0)

    async def collect(self, n=1, *, timeout_s=7.0, inter_digit_s=3.0, term="#", prompt=None):
        self._hear(prompt)
        pressed = self.keys.pop(0) if self.keys else ""
        ended = CollectEnd.COMPLETE if pressed else CollectEnd.TIMEOUT
        return Digits(keys=tuple(Key(digit, 1.0) for digit in pressed), ended=ended)

    def _hear(self, pcm):
        for name in pcm.replace(b"\0", b"").decode().split("|")[:-1]:
            if name == self.ends_at:
                raise LegEnded(ENDED)
            self.heard.append(name)


class Somebody:
    """A listener that keeps what it was told; `may` is whether they may still be asked."""

    voice = Tape()

    def __init__(self, year=1959, *, kept=True, programme=COVID, minutes=MINUTES, known=None, may=True):
        self.patient = Patient(birth_year=year, programme=programme, minutes=minutes, known=known or {})
        self.talk, self.heard, self.is_kept, self.may, self.ended = Talk(), [], kept, may, []

    async def begin(self):
        return self.may

    def over(self):
        self.ended.append(self.talk.outcome)

    def told(self, key, value, at):
        self.heard.append((key, value))

    async def kept(self):
        return self.is_kept


def speak(keys, *household, ends_at=""):
    """What the line heard."""
    leg = ScriptedLeg(list(keys), ends_at)
    asyncio.run(converse(leg=leg, household=household))
    return leg.heard


def call(keys, *, ends_at="", **who):
    one = Somebody(**who)
    heard = speak(keys, one, ends_at=ends_at)
    return one.talk, heard, one.heard


def test_all_answered():
    talk, heard, told = call(FINE)
    assert talk.outcome == "complete"
    assert [key for key, _ in told] == [question.key for question in COVID.questions]
    assert heard[-1] == "goodbye_thanks"


def test_nothing_of_the_illness_is_said_before_the_year_is_right():
    _, heard, told = call(["1960", "1961"])
    assert not [name for name in heard if "/" in name or "danger" in name]
    assert told == []


@pytest.mark.parametrize(("key", "outcome"), [("0", "not_the_patient"), ("*", "wrong_number")])
def test_strangers(key, outcome):
    talk, heard, _ = call([key])
    assert talk.outcome == outcome
    assert not [name for name in heard if "/" in name]


def test_no_year_lets_a_zero_pass():
    talk, _, _ = call(["0"])
    assert talk.outcome == "not_the_patient"


def test_danger_ends_the_questions_with_advice_and_a_promise():
    talk, heard, told = call(DANGER)
    assert talk.outcome == "danger"
    assert told[-1] == ("breath", "rest")
    assert heard[-3:] == ["danger_advice", "within_15_minutes", "goodbye_thanks"]


def test_minutes_are_promised_only_when_the_task_stands():
    talk, heard, _ = call(DANGER, kept=False)
    assert talk.outcome == "danger"
    assert heard[-2:] == ["danger_advice", "human_will_ring"]


@pytest.mark.parametrize(
    ("keys", "ends_at", "outcome"),
    [
        (FINE, "greeting", "hung_up"),
        (FINE, "covid-home/breath", "partial"),
        (FINE, "goodbye_thanks", "complete"),
        (DANGER, "danger_advice", "danger"),
        (DANGER, "within_15_minutes", "danger"),
        (["*"], "wrong_number_sorry", "wrong_number"),
        (["1959", "9", "9"], "human_will_ring", "not_understood"),
    ],
)
def test_hanging_up_loses_nothing_that_was_said(keys, ends_at, outcome):
    assert call(keys, ends_at=ends_at)[0].outcome == outcome


def test_one_retry_then_a_person():
    talk, heard, _ = call(["1959", "9", "9"])
    assert talk.outcome == "not_understood"
    assert heard[-3:] == ["not_understood", "covid-home/state", "human_will_ring"]


def test_nobody_there_is_rung_again_later():
    talk, heard, _ = call([])
    assert (talk.outcome, heard[-1]) == ("silent", "call_back_later")


def test_every_prompt_of_a_call_is_known_beforehand():
    needed = set(prompts_of(COVID, MINUTES))
    for keys in (FINE, DANGER, ["0"], ["*"], [], ["1", "2"], ["1959", "9", "9"]):
        assert set(call(keys)[1]) <= needed


@given(st.integers(min_value=1, max_value=600))
def test_the_promise_is_never_shorter_than_what_is_held(minutes):
    promise = within(minutes)
    if minutes > WITHIN[-1]:
        assert promise == "human_will_ring"
    else:
        said = int(promise.removeprefix("within_").removesuffix("_minutes"))
        assert said >= minutes
        assert not [step for step in WITHIN if minutes <= step < said]


@pytest.mark.parametrize(
    ("minutes", "last"),
    [(30, ["within_30_minutes", "goodbye_thanks"]), (61, ["danger_advice", "human_will_ring"])],
)
def test_the_promise_is_that_of_the_rule_that_fired(minutes, last):
    held = {**MINUTES, "breath_at_rest": minutes}
    _, heard, _ = call(DANGER, minutes=held)
    assert heard[-2:] == last
    assert set(heard) <= set(prompts_of(COVID, held))


@pytest.mark.parametrize(
    ("known", "outcome"), [({"fever_days": 3}, "danger"), ({"fever_days": 2}, "complete"), ({}, "complete")]
)
def test_what_is_known_already_counts_as_much_as_a_key(known, outcome):
    """Fever for the fourth day is a danger sign, and only the rows know of the days before."""
    talk, heard, _ = call(["1959", "1", "1", "3", "1", "1", "2"], known=known)
    assert talk.outcome == outcome
    assert ("danger_advice" in heard) is (outcome == "danger")


def test_age_and_risk_group_are_heard_by_the_robot():
    rule = COVID.rule("breath_on_exertion")
    grave = rule.model_copy(
        update={
            "when": {**rule.when, "age": Range(low=65), "risk_group": "diabetes"},
            "band": "red",
            "advice": "danger_advice",
        }
    )
    programme = COVID.model_copy(update={"rules": (grave,)})
    keys, held = ["1959", "1", "2", "1", "1", "1", "2"], {grave.code: 5}
    ill = {"age": 67, "risk_group": ("diabetes", "age60")}
    assert call(keys, programme=programme, minutes=held, known=ill)[0].outcome == "danger"
    assert call(keys, programme=programme, minutes=held, known={**ill, "age": 64})[0].outcome == "complete"


ANSWERS = FINE[1:]


@pytest.mark.parametrize(
    ("keys", "first", "second"),
    [
        (["1959", *ANSWERS, "1985", *ANSWERS], "complete", "complete"),
        (["1985", *ANSWERS, "1959", *ANSWERS], "complete", "complete"),
        (["1985", *ANSWERS, "0"], "not_asked", "complete"),
        (["1985", *ANSWERS], "not_asked", "complete"),
        (["1985", "3", "3"], "not_asked", "danger"),
        (["1959", *ANSWERS, "1960", "1985", *ANSWERS], "complete", "complete"),
        (["1959", *ANSWERS, "0"], "complete", ""),
        (["1959", *ANSWERS, "1960"], "complete", ""),
        (["1959", *ANSWERS, "1985", "3", "3"], "complete", "danger"),
        (["1959", "3", "3", "1985"], "danger", ""),
        (["1985", "9", "9"], "not_asked", "not_understood"),
        (["0"], "not_the_patient", ""),
    ],
)
def test_a_household_is_asked_in_one_call(keys, first, second):
    """Whoever keys in their year is asked; a danger sign ends the call for all: the line is needed for 103."""
    old, young = Somebody(1959), Somebody(1985)
    heard = speak(keys, old, young)
    assert (old.talk.outcome, young.talk.outcome) == (first, second)
    for one, outcome in ((old, first), (young, second)):
        assert bool(one.heard) is (outcome in ("complete", "danger"))
    assert heard[:2] == ["greeting", "household_ask_person"]
    assert set(heard) <= set(prompts_of(COVID, MINUTES, shared=True))


def test_each_answer_goes_to_who_gave_it():
    old, young = Somebody(1959), Somebody(1985)
    speak(["1985", "2", *ANSWERS[1:], "1959", *ANSWERS], old, young)
    assert (dict(old.heard)["state"], dict(young.heard)["state"]) == ("better", "same")


def test_hanging_up_in_the_second_conversation_keeps_both():
    old, young = Somebody(1959), Somebody(1985)
    speak(["1959", *ANSWERS, "1985", "1", "9"], old, young, ends_at="not_understood")
    assert (old.talk.outcome, young.talk.outcome) == ("complete", "partial")
    assert young.heard == [("state", "better")]


@pytest.mark.parametrize("keys", [["1959", *ANSWERS, "1985", *ANSWERS], ["1985", *ANSWERS]])
def test_who_may_not_be_asked_any_more_is_thanked_and_costs_nobody_anything(keys):
    old, gone = Somebody(1959), Somebody(1985, may=False)
    heard = speak(keys, old, gone)
    assert (gone.talk.outcome, gone.heard, heard[-1]) == ("", [], "goodbye_thanks")
    assert old.talk.outcome == ("complete" if old.heard else "not_asked")


def test_who_has_said_all_is_over_when_the_next_one_speaks():
    """What a doctor decides about the first one then must not end the call of the second."""
    old, young = Somebody(1959), Somebody(1985)
    speak(["1959", *ANSWERS, "1985", *ANSWERS], old, young)
    assert (old.ended, young.ended) == (["complete"], [])
