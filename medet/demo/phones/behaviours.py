"""How the people of the made-up city answer. Keys come from the programme file, so a new question changes them too."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from medet.monitoring.rules import findings
from medet.monitoring.schema import Option, Programme, Question, Range, Rule

YEAR = "ask_year_of_birth"
# On a line where several people are due: who listens now, and whether another one is there.
ANYBODY, ANOTHER = "household_ask_person", "household_next"


class Behaviour(StrEnum):
    """What a phone does when it is rung."""

    FINE = "fine"
    WORSE = "worse"
    DANGER = "danger"
    NOT_AT_HOME = "not_at_home"
    WANTS_DOCTOR = "wants_doctor"
    NO_MEDICINES = "no_medicines"
    WRONG_KEYS = "wrong_keys"
    HANGS_UP = "hangs_up_in_the_middle"
    WRONG_PERSON = "wrong_person"
    WRONG_NUMBER = "wrong_number"
    SAYS_NOTHING = "says_nothing"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTS = "rejects"
    OFF = "switched_off"
    COLLEAGUE = "colleague"


# These are never answered: after so many seconds of ringing a SIP code is sent; None rings for ever.
SILENT: dict[Behaviour, tuple[float, int | None]] = {
    Behaviour.NO_ANSWER: (0.0, None),
    Behaviour.BUSY: (0.0, 486),
    Behaviour.REJECTS: (1.0, 603),
    Behaviour.OFF: (0.0, 480),
}
# The rule of the programme that somebody's answers make true.
RULES = {
    Behaviour.WORSE: "worse",
    Behaviour.DANGER: "breath_at_rest",
    Behaviour.NOT_AT_HOME: "left_home",
    Behaviour.WANTS_DOCTOR: "wants_doctor",
    Behaviour.NO_MEDICINES: "no_medicines",
}
# What another person presses instead of a year of birth.
STRANGERS = {Behaviour.WRONG_PERSON: "0", Behaviour.WRONG_NUMBER: "*"}
ANSWERED_BEFORE_HANGING_UP = 2


@dataclass(frozen=True)
class Line:
    """A telephone line: what it does, and who lives behind it (years of birth in the order they are tried)."""

    behaviour: Behaviour
    birth_years: tuple[int, ...] = ()
    language: str = "ru"


@dataclass(frozen=True)
class Step:
    """The keys for one prompt: the first time it is heard, the second, and so on; the last ones stay."""

    prompt: str
    keys: tuple[str, ...]

    def at(self, time_heard: int) -> str:
        """What is pressed when the prompt is heard for the n-th time (from 0)."""
        return self.keys[min(time_heard, len(self.keys) - 1)]


# Who is on duty says that the message was heard; who tries the line out, that it works.
COLLEAGUE = (Step("duty_new_visit", ("1",)), Step("test_call", ("1",)))


def script(line: Line, programme: Programme) -> list[Step]:
    """What a line presses, in the order in which it is asked. A step without keys puts the receiver down."""
    if line.behaviour == Behaviour.SAYS_NOTHING:
        return []
    if line.behaviour == Behaviour.COLLEAGUE:
        return list(COLLEAGUE)
    if line.behaviour in STRANGERS:
        return [Step(prompt, (STRANGERS[line.behaviour],)) for prompt in (YEAR, ANYBODY)]
    years = tuple(str(year) for year in line.birth_years) or ("0000",)
    steps = [Step(YEAR, years), *([Step(ANYBODY, years)] if len(years) > 1 else [])]
    answers = calm(programme) | troubled(programme, RULES.get(line.behaviour))
    for place, question in enumerate(programme.questions):
        gone = line.behaviour == Behaviour.HANGS_UP and place >= ANSWERED_BEFORE_HANGING_UP
        key = unused(question) if line.behaviour == Behaviour.WRONG_KEYS else digit(question, answers[question.key])
        steps.append(Step(f"{programme.code}/{question.key}", ("" if gone else key,)))
    # The next of the household takes the receiver; after the last one there is nobody.
    return [*steps, *([Step(ANOTHER, (*years[1:], "0"))] if len(years) > 1 else [])]


def calm(programme: Programme) -> dict[str, str]:
    """For each question the first answer that by itself fires no rule."""
    return {question.key: _calm(question, programme) for question in programme.questions}


def _calm(question: Question, programme: Programme) -> str:
    values = [option.value for option in question.options]
    named = {value for rule in programme.rules for value in _values(rule, question.key)}
    free = [value for value in values if value not in named]
    harmless = [value for value in values if not findings(programme, {question.key: value})]
    return (free or harmless or values)[0]


def troubled(programme: Programme, code: str | None) -> dict[str, str]:
    """The answers that make a rule of the programme true; nothing when the programme has no such rule."""
    rule = programme.rule(code) if code else None
    if rule is None:
        return {}
    wanted = {question.key: list(_values(rule, question.key)) for question in programme.questions}
    return {key: values[0] for key, values in wanted.items() if values}


def _values(rule: Rule, key: str) -> Iterable[str]:
    wanted = rule.when.get(key)
    if wanted is None or isinstance(wanted, Range):
        return []
    return [str(value) for value in (wanted if isinstance(wanted, tuple) else (wanted,))]


def digit(question: Question, value: str) -> str:
    """The key of an answer."""
    option = question.by_value(value)
    assert isinstance(option, Option)
    return option.digit


def unused(question: Question) -> str:
    """A key that is no answer to the question."""
    taken = {option.digit for option in question.options}
    return next(key for key in "9876543210" if key not in taken)


def write(path: Path, lines: Mapping[str, Line]) -> None:
    """The lines of the city as a file for the phones' process."""
    rows = {
        number: {"behaviour": line.behaviour, "birth_years": line.birth_years, "language": line.language}
        for number, line in lines.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(path: Path) -> dict[str, Line]:
    """The lines of a file: number -> behaviour, years of birth, language."""
    rows = json.loads(path.read_text("utf-8"))
    return {
        number: Line(Behaviour(row["behaviour"]), tuple(row.get("birth_years", ())), row.get("language", "ru"))
        for number, row in rows.items()
    }
