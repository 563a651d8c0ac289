"""The shape of a programme file: a protocol as data. An unknown key refuses the file.

Stored versions are read with this shape for ever, so it only ever grows; what a new file must keep besides stands in
`checks`.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Key = str
Primitive = str | int


class Strict(BaseModel):
    """No key that the reader does not know, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """One text in the three languages."""

    kk: str
    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `kk`, `ru` or `en`."""
        return str(getattr(self, language[:2], self.ru))


class Option(Strict):
    """One answer: the key to press, the stored value and its words."""

    digit: str = Field(pattern=r"^[0-9]$")
    value: str
    label: Words


class Question(Strict):
    """A question the robot asks and every form shows."""

    key: Key
    label: Words
    spoken: Words
    options: tuple[Option, ...] = Field(min_length=2)

    def by_digit(self, digit: str) -> Option | None:
        """The option a key stands for."""
        return next((option for option in self.options if option.digit == digit), None)

    def by_value(self, value: str) -> Option | None:
        """The option a stored value stands for."""
        return next((option for option in self.options if option.value == value), None)


class Measure(Strict):
    """A measured value that a form asks for; a robot does not."""

    key: Key
    label: Words
    unit: str
    low: Decimal
    high: Decimal
    decimals: int = 0


class Range(Strict):
    """A closed range of a number; either end may be open."""

    low: Decimal | None = None
    high: Decimal | None = None


Condition = Primitive | tuple[Primitive, ...] | Range


class Rule(Strict):
    """When all conditions of `when` hold, this is seen. Thresholds cite their source."""

    code: str
    when: dict[Key, Condition]
    unless_known: tuple[Key, ...] = Field(default=(), description="a better fact speaks for itself: the rule is silent")
    band: Literal["red", "amber", "signal"]
    owner: Literal["doctor", "operator"]
    due: str | int = Field(description="minutes, or the code of a policy parameter in minutes")
    advice: str | None = Field(default=None, description="fixed prompt the robot speaks at once")
    reason: Words
    source: str


class Window(Strict):
    """Local hours in which the contact of a day may be made."""

    start: str = Field(pattern=r"^\d\d:\d\d$")
    end: str = Field(pattern=r"^\d\d:\d\d$")


class Schedule(Strict):
    """How often, when, and for how many days."""

    every_days: int = Field(ge=1)
    window: Window
    days: int = Field(ge=1, description="length of the observation")


class Programme(Strict):
    """A whole programme file."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]+$")
    title: Words
    source: str
    schedule: Schedule
    questions: tuple[Question, ...]
    measures: tuple[Measure, ...] = ()
    days_in_a_row: dict[Key, dict[Key, Condition]] = Field(
        default={}, description="facts counted over the days before today: a day counts when any condition held on it"
    )
    rules: tuple[Rule, ...]

    def question(self, key: Key) -> Question | None:
        """The question with this key."""
        return next((question for question in self.questions if question.key == key), None)

    def measure(self, key: Key) -> Measure | None:
        """The measure with this key."""
        return next((measure for measure in self.measures if measure.key == key), None)

    def rule(self, code: str) -> Rule | None:
        """The rule with this code."""
        return next((rule for rule in self.rules if rule.code == code), None)
