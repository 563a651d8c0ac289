"""What a made-up person does on a made-up day: drawn by lot, and the same whoever asks and in whatever order. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.demo.city.roster import SEED, Made
from medet.demo.phones.behaviours import RULES, SILENT, Behaviour, calm, troubled
from medet.flows.conclude import Next
from medet.monitoring.schema import Programme
from medet.records.states import LEAVES_HOME

Kind = TypeVar("Kind")
OUTCOMES = {
    Behaviour.NO_ANSWER: AttemptOutcome.NO_ANSWER,
    Behaviour.OFF: AttemptOutcome.NO_ANSWER,
    Behaviour.BUSY: AttemptOutcome.BUSY,
    Behaviour.REJECTS: AttemptOutcome.REJECTED,
}
CODES = {AttemptOutcome.NO_ANSWER: 480, AttemptOutcome.BUSY: 486, AttemptOutcome.REJECTED: 603}
# How often somebody is as their behaviour says; on other days they are as everybody.
OFTEN = 0.7
BAD_DAY = {
    Behaviour.WORSE: 0.5,
    Behaviour.NO_MEDICINES: 0.3,
    Behaviour.WANTS_DOCTOR: 0.2,
    Behaviour.NOT_AT_HOME: 0.1,
}
MISSES, ENGAGED = 0.09, 0.03  # of everybody's calls: nobody takes it, the line is busy
UNFINISHED = {Behaviour.HANGS_UP: ContactOutcome.HUNG_UP, Behaviour.WRONG_KEYS: ContactOutcome.NOT_UNDERSTOOD}
# Made up: how often a doctor decides what about somebody who stays at home.
CALM = {"stays": 70, "more_often": 12, "tests": 8, "clinic": 5, "video": 3, "specialist": 2}
WORSE = {"more_often": 45, "home_visit": 25, "video": 15, "tests": 10, "specialist": 5}
WORST_DAY = 4  # of an illness that gets worse
DANGER_DAY = 2


@dataclass(frozen=True)
class Stay:
    """From when and for how many days somebody is observed at home, and what the doctor then concludes."""

    first: date
    days: int
    outcome: str = "ended"

    @property
    def to_hospital(self) -> bool:
        """Watched at home until an operator has heard that the hospital has them."""
        return self.outcome in LEAVES_HOME

    @property
    def then(self) -> Next:
        """What the doctor does with it."""
        return Next.GO_ON if self.to_hospital else Next.END


@dataclass(frozen=True)
class Rung:
    """How a call comes out."""

    outcome: AttemptOutcome
    talk: str = ""

    @property
    def sip_code(self) -> int:
        """What the network said."""
        return CODES.get(self.outcome, 200)


def lot(*of: object) -> random.Random:
    """A lot of one's own for each thing that is decided."""
    return random.Random(":".join(map(str, (SEED, *of))))  # noqa: S311 -- the same city every time


def weighted(shares: Mapping[Kind, int], chance: random.Random) -> Kind:
    """One of these, as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def rung(made: Made, day: date, number: int, *, to_hospital: bool = False) -> Rung:
    """The n-th call of a day; who is about to be taken to hospital answers."""
    chance = lot("ring", made.place, day, number)
    first, second = chance.random(), chance.random()
    if to_hospital:
        return Rung(AttemptOutcome.ANSWERED, ContactOutcome.DANGER)
    if made.behaviour in SILENT and first < OFTEN:
        return Rung(OUTCOMES[made.behaviour])
    if second < MISSES + ENGAGED:
        return Rung(AttemptOutcome.NO_ANSWER if second < MISSES else AttemptOutcome.BUSY)
    if made.behaviour in UNFINISHED and first < OFTEN / 2:
        return Rung(AttemptOutcome.ANSWERED, UNFINISHED[made.behaviour])
    return Rung(AttemptOutcome.ANSWERED, ContactOutcome.COMPLETE)


def said(made: Made, day: date, stay: Stay, file: Programme) -> dict[str, str]:
    """Mostly calm; now and then the complaint that today's real call will repeat."""
    bad = lot("say", made.place, day).random() < BAD_DAY.get(made.behaviour, 0)
    if made.behaviour == Behaviour.DANGER and (day - stay.first).days == DANGER_DAY:
        bad = True
    return calm(file) | (troubled(file, RULES[made.behaviour]) if bad else {})


def measured(made: Made, day: date, stay: Stay) -> dict[str, str]:
    """What an oximeter and a thermometer show; an illness that gets worse gets better again."""
    chance, days = lot("measure", made.place, day), (day - stay.first).days
    ill = max(0, min(days, 2 * WORST_DAY - days)) if made.behaviour in (Behaviour.WORSE, Behaviour.DANGER) else 0
    spo2 = 97 - ill - chance.randint(0, 1)
    fever = 36.7 + (0.4 * ill if ill else 0.9 / (days + 1)) + chance.randint(-1, 2) / 10
    return {
        "spo2": str(max(spo2, 93)),
        "temperature": f"{min(fever, 38.4):.1f}",
        "pulse": str(72 + 6 * ill + chance.randint(-4, 8)),
    }


def well() -> dict[str, str]:
    """What a call to somebody who is well brings, beside all that was told today already."""
    return {"temperature": "36.6", "spo2": "97"}
