"""The shape of a programme file: a protocol as data. An unknown key refuses the file."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from medet.base.refused import Refused

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


class Rule(Strict):
    """When all conditions of `when` hold, this is seen. Thresholds cite their source."""

    code: str
    when: dict[Key, Primitive | tuple[Primitive, ...] | Range]
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
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _rules_know_their_facts(self) -> "Programme":
        known = {question.key for question in self.questions} | {measure.key for measure in self.measures}
        known |= {"age", "fever_days", "risk_group"}
        for rule in self.rules:
            unknown = set(rule.when) - known
            if unknown:
                raise ValueError(f"rule {rule.code} asks for unknown {', '.join(sorted(unknown))}")
        return self

    def question(self, key: Key) -> Question | None:
        """The question with this key."""
        return next((question for question in self.questions if question.key == key), None)

    def measure(self, key: Key) -> Measure | None:
        """The measure with this key."""
        return next((measure for measure in self.measures if measure.key == key), None)

    def rule(self, code: str) -> Rule | None:
        """The rule with this code."""
        return next((rule for rule in self.rules if rule.code == code), None)


def read_programme(path: Path) -> Programme:
    """Reads a programme file; a fault is one sentence that names file and place."""
    try:
        return Programme.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise Refused("programme.invalid", file=path.name, problem=f"{place}: {first['msg']}") from error
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused("programme.invalid", file=path.name, problem=str(error).splitlines()[0]) from error
