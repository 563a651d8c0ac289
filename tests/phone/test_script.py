"""The robot's script word by word, on a leg that says what was played and hangs up where it is told to."""

import asyncio
from dataclasses import dataclass, field

import pytest

from medet.engines.telephony import CollectEnd, Digits, EndedBy, Key, LegEnd, LegEnded, Outcome, PlayResult, Times
from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import read_programme
from medet.phone.script import Patient, converse, prompts_of, within

COVID = read_programme(FOLDER / "covid-home.yaml")
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


def call(keys, *, ends_at="", kept=True, minutes=15):
    leg, told = ScriptedLeg(list(keys), ends_at), []

    async def written():
        return kept

    async def run():
        return await converse(
            leg=leg,
            patient=Patient(birth_year=1959, programme=COVID, callback_minutes=minutes),
            voice=Tape(),
            told=lambda key, value, at: told.append((key, value)),
            kept=written,
        )

    return asyncio.run(run()), leg.heard, told


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
    needed = set(prompts_of(COVID, 15))
    for keys in (FINE, DANGER, ["0"], ["*"], [], ["1", "2"], ["1959", "9", "9"]):
        assert set(call(keys)[1]) <= needed


@pytest.mark.parametrize(("minutes", "prompt"), [(5, 5), (6, 15), (15, 15), (45, 60), (60, 60)])
def test_the_promise_is_never_shorter_than_what_is_held(minutes, prompt):
    assert within(minutes) == f"within_{prompt}_minutes"
