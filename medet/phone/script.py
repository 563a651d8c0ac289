"""What the robot says and asks: a programme spoken over one leg. No rows here, no clock, no Django.

Nothing about a person, a diagnosis or a result is spoken before the year of birth was keyed in.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from medet.engines.telephony import Leg, LegEnded
from medet.monitoring.rules import findings
from medet.monitoring.schema import Option, Programme, Question, Rule
from medet.phone.listener import Listener

TRIES = 2
YEAR = 4  # digits of a year of birth
PAUSE = bytes(8000)  # half a second of silence between two recordings
# Keys that answer for another person; no year of birth begins with them.
STRANGERS = {"0": ("call_back_later", "not_the_patient"), "*": ("wrong_number_sorry", "wrong_number")}


class Misunderstood(Exception):
    """Nothing that could be understood after one retry."""


async def converse(*, leg: Leg, household: Sequence[Listener]) -> None:
    """Speaks the whole script with those of the line who are there; the first of them is the one it rang for.

    Who hangs up during the closing words, or during the advice to ring 103, has said all there was to say.
    """
    script = _Script(leg, household)
    with suppress(LegEnded):
        try:
            await script.run()
        except Misunderstood:
            await script.give_up()
    script.close()


class _Script:
    """One conversation; `who` is spoken with, `waiting` are those who were not there yet."""

    def __init__(self, leg: Leg, household: Sequence[Listener]) -> None:
        self.leg, self.first, self.who = leg, household[0], household[0]
        self.waiting, self.spoke = list(household), [household[0]]
        self.others_spoke = False

    async def run(self) -> None:
        """Identity and questions, for one person after another."""
        asks = "household_ask_person" if len(self.waiting) > 1 else "ask_year_of_birth"
        there = await self._identify("greeting", asks)
        while there:
            there = await self._interview() and await self._another()

    async def give_up(self) -> None:
        """Somebody pressed keys that made no sense: a person will ring. Nobody pressed any: we ring again later."""
        if self.who.talk.any_key:
            await self._end("not_understood", NO_TIME)
        else:
            await self._end("silent", "call_back_later")

    def close(self) -> None:
        """Every conversation that took place has its outcome."""
        for one in self.spoke:
            if not one.talk.outcome:
                absent = one is self.first and self.others_spoke
                one.talk.outcome = "not_asked" if absent else "partial" if one.talk.answers else "hung_up"

    async def _interview(self) -> bool:
        """The questions of one person; True when all were answered and somebody else of the line is due."""
        for question in self.who.patient.programme.questions:
            await self._ask(question)
            danger = self._danger()
            if danger:
                await self._warn(danger)
                return False
        self.who.talk.outcome = "complete"
        if not self.waiting:
            await self._say("goodbye_thanks")
        return bool(self.waiting)

    async def _another(self) -> bool:
        """Whether another person of the line is there now; only a year that is nobody's is asked for again."""
        said = ["household_next"]
        for _ in range(TRIES):
            keys = await self._hear(*said, count=YEAR)
            who = self._whose(keys)
            if who:
                return await self._begin(who)
            if len(keys) < YEAR:
                break
            said = ["year_not_matched", "household_next"]
        await self._say("goodbye_thanks")
        return False

    def _whose(self, year: str) -> Listener | None:
        return next((one for one in self.waiting if len(year) == YEAR and year == str(one.patient.birth_year)), None)

    async def _begin(self, who: Listener) -> bool:
        """This person is spoken with from now on; who may not be asked any more is thanked."""
        self.waiting.remove(who)
        self.others_spoke = self.others_spoke or who is not self.first
        if not await who.begin():
            await self._say("goodbye_thanks")
            return False
        if who is not self.who and self.who.talk.outcome:
            self.who.over()
        self.who = who
        if who is not self.first:
            self.spoke.append(who)
        return True

    async def _end(self, outcome: str, prompt: str) -> None:
        """The outcome stands before the last words are spoken."""
        self.who.talk.outcome = outcome
        await self._say(prompt)

    async def _identify(self, before: str, asks: str) -> bool:
        """True when the right year was keyed in; else somebody else was told goodbye."""
        for _ in range(TRIES):
            keys = await self._hear(before, asks, count=YEAR)
            who = self._whose(keys)
            if who:
                return await self._begin(who)
            if keys[:1] in STRANGERS:
                prompt, outcome = STRANGERS[keys[0]]
                await self._end(outcome, prompt)
                return False
            before = "year_not_matched" if keys else "no_key_heard"
        raise Misunderstood

    async def _ask(self, question: Question) -> None:
        prompt = f"{self.who.patient.programme.code}/{question.key}"
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
        self.who.talk.answers[question.key] = option.value
        self.who.talk.digits += option.digit
        self.who.told(question.key, option.value, self._heard_at)

    async def _hear(self, *prompts: str, count: int) -> str:
        """Plays prompts as one, so that a key may cut any of them, and gives the keys; empty when none came."""
        pcm = PAUSE.join(self._pcm(prompt) for prompt in prompts)
        digits = await self.leg.collect(count, prompt=pcm)
        self._heard_at = digits.first_at or 0.0
        self.who.talk.any_key = self.who.talk.any_key or bool(digits.text)
        return digits.text

    async def _say(self, prompt: str) -> None:
        await self.leg.play(self._pcm(prompt), barge_in=False)

    def _pcm(self, prompt: str) -> bytes:
        self.who.talk.spoken[prompt] = self.who.voice.version(prompt)
        return self.who.voice.pcm(prompt)

    def _danger(self) -> Rule | None:
        """The gravest rule that fired and has advice, judged by the same facts as the alert."""
        patient = self.who.patient
        found = findings(patient.programme, {**patient.known, **self.who.talk.answers})
        return next((finding.rule for finding in found if finding.rule.advice), None)

    async def _warn(self, danger: Rule) -> None:
        """What to do now, and within how many minutes the centre rings. Minutes are promised only when the task that
        holds them is open; the advice itself waits for nothing."""
        self.who.talk.outcome = "danger"
        await self._say(str(danger.advice))
        promise = within(self.who.patient.minutes[danger.code]) if await self.who.kept() else NO_TIME
        await self._say(promise)
        if promise != NO_TIME:
            await self._say("goodbye_thanks")


WITHIN = (5, 15, 30, 60)
NO_TIME = "human_will_ring"  # it says goodbye as well


def within(minutes: int) -> str:
    """The recorded promise that is not shorter than what the centre holds; beyond an hour no time is named."""
    step = next((step for step in WITHIN if step >= minutes), None)
    return f"within_{step}_minutes" if step else NO_TIME


def prompts_of(programme: Programme, minutes: Mapping[str, int], *, shared: bool = False) -> list[str]:
    """Every prompt a call of this programme may need, with the minutes that the centre holds by rule; `shared`: on a
    line where several people are due."""
    fixed = [
        "greeting",
        "ask_year_of_birth",
        *(("household_ask_person", "household_next") if shared else ()),
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
