"""What the robot says and asks: a programme spoken over one leg. No rows here, no clock, no Django.

Nothing about a person, a diagnosis or a result is spoken before the year of birth was keyed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from medet.engines.telephony import Leg, LegEnded
from medet.monitoring.rules import Fact, findings
from medet.monitoring.schema import Option, Programme, Question

TRIES = 2
OTHER_PERSON = "*"


class Voice(Protocol):
    """The recordings of one language."""

    def pcm(self, key: str) -> bytes:
        """8 kHz mono s16 audio of a prompt."""

    def version(self, key: str) -> str:
        """Which recording it is."""


@dataclass(frozen=True)
class Patient:
    """Whom the robot rings and what it asks."""

    birth_year: int
    programme: Programme
    callback_minutes: int


Told = Callable[[str, str, float], None]


@dataclass
class Talk:
    """How a conversation went, filled while it goes, so that a hang-up loses nothing."""

    outcome: str = "hung_up"
    digits: str = ""
    answers: dict[str, Fact] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    any_key: bool = False


class Misunderstood(Exception):
    """Nothing that could be understood after one retry."""


async def converse(*, leg: Leg, patient: Patient, voice: Voice, told: Told) -> Talk:
    """Speaks the whole script; `told(question, value, monotonic)` is called the moment a key is understood."""
    talk = Talk()
    script = _Script(leg, patient, voice, told, talk)
    try:
        talk.outcome = await script.run()
    except Misunderstood:
        talk.outcome = await script.give_up()
    except LegEnded:
        talk.outcome = "partial" if talk.answers else "hung_up"
    return talk


class _Script:
    """One conversation."""

    def __init__(self, leg: Leg, patient: Patient, voice: Voice, told: Told, talk: Talk) -> None:
        self.leg, self.patient, self.voice, self.told, self.talk = leg, patient, voice, told, talk

    async def run(self) -> str:
        """Identity, the questions, and the end; the outcome as a word."""
        stranger = await self._identify()
        if stranger:
            return stranger
        for question in self.patient.programme.questions:
            await self._ask(question)
            advice = self._advice()
            if advice:
                await self._warn(advice)
                return "danger"
        await self._say("goodbye_thanks")
        return "complete"

    async def give_up(self) -> str:
        """Somebody was there but could not be understood: a person will ring."""
        try:
            await self._say("human_will_ring")
        except LegEnded:
            pass
        return "not_understood" if self.talk.any_key else "silent"

    async def _identify(self) -> str:
        """Empty when the right year was keyed in; else which stranger answered."""
        for attempt in range(TRIES):
            keys = await self._hear("ask_year_of_birth", 4, again=attempt > 0)
            if keys.startswith(OTHER_PERSON):
                return await self._stranger()
            if keys == str(self.patient.birth_year):
                return ""
        raise Misunderstood

    async def _stranger(self) -> str:
        """The right line but another person, or a wrong number altogether."""
        keys = await self._hear("other_person", 1, again=False)
        if keys == "2":
            await self._say("wrong_number_sorry")
            return "wrong_number"
        await self._say("human_will_ring")
        return "not_the_patient"

    async def _ask(self, question: Question) -> None:
        for attempt in range(TRIES):
            keys = await self._hear(f"{self.patient.programme.code}/{question.key}", 1, again=attempt > 0)
            option = question.by_digit(keys) if keys else None
            if option:
                self._note(question, option)
                return
        raise Misunderstood

    def _note(self, question: Question, option: Option) -> None:
        self.talk.answers[question.key] = option.value
        self.talk.digits += option.digit
        self.told(question.key, option.value, self._heard_at)

    async def _hear(self, prompt: str, count: int, *, again: bool) -> str:
        """Plays a prompt that a key may cut, and gives the keys; empty when there were none."""
        if again:
            await self._say("not_understood")
        digits = await self.leg.collect(count, prompt=self._pcm(prompt))
        self._heard_at = digits.first_at or 0.0
        self.talk.any_key = self.talk.any_key or bool(digits.text)
        return digits.text

    async def _say(self, prompt: str) -> None:
        await self.leg.play(self._pcm(prompt), barge_in=False)

    def _pcm(self, prompt: str) -> bytes:
        self.talk.spoken[prompt] = self.voice.version(prompt)
        return self.voice.pcm(prompt)

    def _advice(self) -> str | None:
        found = findings(self.patient.programme, self.talk.answers)
        return next((finding.rule.advice for finding in found if finding.rule.advice), None)

    async def _warn(self, advice: str) -> None:
        """What to do now, and within how many minutes the centre rings; the task that holds it is open already."""
        await self._say(advice)
        await self._say(within(self.patient.callback_minutes))
        await self._say("goodbye_thanks")


WITHIN = (5, 15, 30, 60)


def within(minutes: int) -> str:
    """The recorded promise that is not shorter than what the centre holds."""
    return f"within_{next((step for step in WITHIN if step >= minutes), WITHIN[-1])}_minutes"


def prompts_of(programme: Programme, callback_minutes: int) -> list[str]:
    """Every prompt a call of this programme may need."""
    fixed = ["ask_year_of_birth", "other_person", "wrong_number_sorry", "not_understood", "human_will_ring"]
    advice = sorted({rule.advice for rule in programme.rules if rule.advice})
    asked = [f"{programme.code}/{question.key}" for question in programme.questions]
    return [*fixed, *asked, *advice, within(callback_minutes), "goodbye_thanks"]
