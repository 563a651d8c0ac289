"""What the robot says and asks: a programme spoken over one leg. No rows here, no clock, no Django.

Nothing about a person, a diagnosis or a result is spoken before the year of birth was keyed in.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from medet.engines.telephony import Leg, LegEnded
from medet.monitoring.rules import Fact, findings
from medet.monitoring.schema import Option, Programme, Question, Rule

TRIES = 2
YEAR = 4  # digits of a year of birth
PAUSE = bytes(8000)  # half a second of silence between two recordings
# Keys that answer for another person; no year of birth begins with them.
STRANGERS = {"0": ("call_back_later", "not_the_patient"), "*": ("wrong_number_sorry", "wrong_number")}


class Voice(Protocol):
    """The recordings of one language."""

    def pcm(self, key: str) -> bytes:
        """8 kHz mono s16 audio of a prompt."""

    def version(self, key: str) -> str:
        """Which recording it is."""


@dataclass(frozen=True)
class Patient:
    """Whom the robot rings and what it asks; what is known of them already, and how soon the centre answers a rule."""

    birth_year: int
    programme: Programme
    minutes: Mapping[str, int]
    known: Mapping[str, Fact] = field(default_factory=dict)


Told = Callable[[str, str, float], None]
# Whether all that was told stands in the rows by now; waits for them a moment.
Kept = Callable[[], Awaitable[bool]]


@dataclass
class Talk:
    """How a conversation went, filled while it goes, so that a hang-up loses nothing."""

    outcome: str = ""
    digits: str = ""
    answers: dict[str, Fact] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    any_key: bool = False


class Misunderstood(Exception):
    """Nothing that could be understood after one retry."""


async def converse(*, leg: Leg, patient: Patient, voice: Voice, told: Told, kept: Kept) -> Talk:
    """Speaks the whole script; `told(question, value, monotonic)` is called the moment a key is understood.

    Who hangs up during the closing words, or during the advice to ring 103, has said all there was to say.
    """
    talk = Talk()
    script = _Script(leg, patient, voice, told, kept, talk)
    with suppress(LegEnded):
        try:
            await script.run()
        except Misunderstood:
            await script.give_up()
    if not talk.outcome:
        talk.outcome = "partial" if talk.answers else "hung_up"
    return talk


class _Script:
    """One conversation."""

    def __init__(self, leg: Leg, patient: Patient, voice: Voice, told: Told, kept: Kept, talk: Talk) -> None:
        self.leg, self.patient, self.voice, self.talk = leg, patient, voice, talk
        self.told, self.kept = told, kept

    async def run(self) -> None:
        """Identity, the questions, and the end."""
        if not await self._identify():
            return
        for question in self.patient.programme.questions:
            await self._ask(question)
            danger = self._danger()
            if danger:
                await self._warn(danger)
                return
        await self._end("complete", "goodbye_thanks")

    async def give_up(self) -> None:
        """Somebody pressed keys that made no sense: a person will ring. Nobody pressed any: we ring again later."""
        if self.talk.any_key:
            await self._end("not_understood", NO_TIME)
        else:
            await self._end("silent", "call_back_later")

    async def _end(self, outcome: str, prompt: str) -> None:
        """The outcome stands before the last words are spoken."""
        self.talk.outcome = outcome
        await self._say(prompt)

    async def _identify(self) -> bool:
        """True when the right year was keyed in; else somebody else was told goodbye."""
        before = "greeting"
        for _ in range(TRIES):
            keys = await self._hear(before, "ask_year_of_birth", count=YEAR)
            if len(keys) == YEAR and keys == str(self.patient.birth_year):
                return True
            if keys[:1] in STRANGERS:
                prompt, outcome = STRANGERS[keys[0]]
                await self._end(outcome, prompt)
                return False
            before = "year_not_matched" if keys else "no_key_heard"
        raise Misunderstood

    async def _ask(self, question: Question) -> None:
        prompt = f"{self.patient.programme.code}/{question.key}"
        said = [prompt]
        for _ in range(TRIES):
            keys = await self._hear(*said, count=1)
            option = question.by_digit(keys) if keys else None
            if option:
                self._note(question, option)
                return
            said = ["not_understood" if keys else "no_key_heard", prompt]
        raise Misunderstood

    def _note(self, question: Question, option: Option) -> None:
        self.talk.answers[question.key] = option.value
        self.talk.digits += option.digit
        self.told(question.key, option.value, self._heard_at)

    async def _hear(self, *prompts: str, count: int) -> str:
        """Plays prompts as one, so that a key may cut any of them, and gives the keys; empty when none came."""
        pcm = PAUSE.join(self._pcm(prompt) for prompt in prompts)
        digits = await self.leg.collect(count, prompt=pcm)
        self._heard_at = digits.first_at or 0.0
        self.talk.any_key = self.talk.any_key or bool(digits.text)
        return digits.text

    async def _say(self, prompt: str) -> None:
        await self.leg.play(self._pcm(prompt), barge_in=False)

    def _pcm(self, prompt: str) -> bytes:
        self.talk.spoken[prompt] = self.voice.version(prompt)
        return self.voice.pcm(prompt)

    def _danger(self) -> Rule | None:
        """The gravest rule that fired and has advice, judged by the same facts as the alert."""
        found = findings(self.patient.programme, {**self.patient.known, **self.talk.answers})
        return next((finding.rule for finding in found if finding.rule.advice), None)

    async def _warn(self, danger: Rule) -> None:
        """What to do now, and within how many minutes the centre rings. Minutes are promised only when the task that
        holds them is open; the advice itself waits for nothing."""
        self.talk.outcome = "danger"
        await self._say(str(danger.advice))
        promise = within(self.patient.minutes[danger.code]) if await self.kept() else NO_TIME
        await self._say(promise)
        if promise != NO_TIME:
            await self._say("goodbye_thanks")


WITHIN = (5, 15, 30, 60)
NO_TIME = "human_will_ring"  # it says goodbye as well


def within(minutes: int) -> str:
    """The recorded promise that is not shorter than what the centre holds; beyond an hour no time is named."""
    step = next((step for step in WITHIN if step >= minutes), None)
    return f"within_{step}_minutes" if step else NO_TIME


def prompts_of(programme: Programme, minutes: Mapping[str, int]) -> list[str]:
    """Every prompt a call of this programme may need, with the minutes that the centre holds by rule."""
    fixed = [
        "greeting",
        "ask_year_of_birth",
        "year_not_matched",
        "no_key_heard",
        *(prompt for prompt, _ in STRANGERS.values()),
        "not_understood",
        NO_TIME,
    ]
    advice = sorted({rule.advice for rule in programme.rules if rule.advice})
    promises = sorted({within(minutes[rule.code]) for rule in programme.rules if rule.advice} - {NO_TIME})
    asked = [f"{programme.code}/{question.key}" for question in programme.questions]
    return [*fixed, *asked, *advice, *promises, "goodbye_thanks"]
