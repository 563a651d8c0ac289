"""What a new programme file must keep beyond its shape: every name means something, every limit can be met."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import time
from functools import cache
from pathlib import Path

from django.conf import settings

from medet.base import policy
from medet.monitoring.schema.faults import Fault
from medet.monitoring.schema.shape import Condition, Measure, Primitive, Programme, Question, Range, Rule
from medet.records.codes import codes

LANGUAGES = ("kk", "ru", "en")
# The columns that keep them.
LONGEST = {"key": 30, "value": 30, "unit": 12, "code": 40}
MOST_DECIMALS = 2
MOST_DAYS = 21
KNOWN = ("age", "risk_group")
OLDEST = 130
Place = tuple[str, ...]


def faults(programme: Programme) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the file."""
    yield from _too_long(("code",), "code", programme.code)
    yield from _hours(programme)
    yield from _names(programme)
    for question in programme.questions:
        yield from _options(question)
    for measure in programme.measures:
        yield from _measure(measure)
    for name, conditions in programme.days_in_a_row.items():
        yield from _counted(programme, name, conditions)
    for rule in programme.rules:
        yield from _rule(programme, rule)


def _too_long(place: Place, kind: str, text: str) -> Iterator[Fault]:
    if len(text) > LONGEST[kind]:
        yield Fault("long", place, {"value": text, "most": LONGEST[kind]})


def _hours(programme: Programme) -> Iterator[Fault]:
    window, place = programme.schedule.window, ("schedule", "window")
    for name, text in (("start", window.start), ("end", window.end)):
        if not _is_time(text):
            yield Fault("time", (*place, name), {"value": text})
    if window.end <= window.start:
        yield Fault("window", place)


def _is_time(text: str) -> bool:
    try:
        return bool(time.fromisoformat(text))
    except ValueError:
        return False


def _names(programme: Programme) -> Iterator[Fault]:
    """Answers, measures and counted days are facts by name: each name has one meaning."""
    named = [("questions", question.key) for question in programme.questions]
    named += [("measures", measure.key) for measure in programme.measures]
    named += [("days_in_a_row", name) for name in programme.days_in_a_row]
    seen = set(KNOWN)
    for room, name in named:
        yield from _too_long((room, name), "key", name)
        if name in seen:
            yield Fault("twice", (room,), {"value": name})
        seen.add(name)
    for code in _twice(rule.code for rule in programme.rules):
        yield Fault("twice", ("rules",), {"value": code})


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _options(question: Question) -> Iterator[Fault]:
    place = ("questions", question.key, "options")
    for option in question.options:
        yield from _too_long(place, "value", option.value)
    for name in _twice(option.digit for option in question.options):
        yield Fault("twice", (*place, "digit"), {"value": name})
    for name in _twice(option.value for option in question.options):
        yield Fault("twice", (*place, "value"), {"value": name})


def _measure(measure: Measure) -> Iterator[Fault]:
    place = ("measures", measure.key)
    yield from _too_long((*place, "unit"), "unit", measure.unit)
    if measure.low >= measure.high:
        yield Fault("range", place)
    if not 0 <= measure.decimals <= MOST_DECIMALS:
        yield Fault("decimals", (*place, "decimals"), {"most": MOST_DECIMALS})


def _counted(programme: Programme, name: str, conditions: dict[str, Condition]) -> Iterator[Fault]:
    place = ("days_in_a_row", name)
    if not conditions:
        yield Fault("empty", place)
    for key, wanted in conditions.items():
        if key in KNOWN or key in programme.days_in_a_row:
            yield Fault("unknown_fact", (*place, key))
        else:
            yield from _condition(programme, (*place, key), key, wanted)


def _rule(programme: Programme, rule: Rule) -> Iterator[Fault]:
    place = ("rules", rule.code)
    yield from _too_long((*place, "code"), "code", rule.code)
    yield from _when(programme, place, rule)
    if rule.band in ("red", "amber") and rule.owner != "doctor":
        yield Fault("doctors", (*place, "owner"))
    if not (rule.due in limits() if isinstance(rule.due, str) else rule.due >= 1):
        yield Fault("due", (*place, "due"), {"value": rule.due})
    if rule.advice is not None and rule.band != "red":
        yield Fault("advice_red", (*place, "advice"))
    if rule.advice is not None and rule.advice not in recorded(settings.PROMPTS):
        yield Fault("prompt", (*place, "advice"), {"value": rule.advice})


def _when(programme: Programme, place: Place, rule: Rule) -> Iterator[Fault]:
    if not rule.when:
        yield Fault("empty", (*place, "when"))
    for key, wanted in rule.when.items():
        yield from _condition(programme, (*place, "when", key), key, wanted)
    for key in rule.unless_known:
        if not (programme.question(key) or programme.measure(key)):
            yield Fault("unknown_fact", (*place, "unless_known", key))


def _condition(programme: Programme, place: Place, key: str, wanted: Condition) -> Iterator[Fault]:
    question, measure = programme.question(key), programme.measure(key)
    if question:
        yield from _choice(place, wanted, [option.value for option in question.options])
    elif measure:
        yield from _range(place, wanted, Range(low=measure.low, high=measure.high))
    elif key == "risk_group":
        yield from _choice(place, wanted, list(codes("risk_groups")))
    elif key == "age":
        yield from _range(place, wanted, Range.model_validate({"low": 0, "high": OLDEST}))
    elif key in programme.days_in_a_row:
        yield from _range(place, wanted, Range.model_validate({"low": 0, "high": MOST_DAYS}))
    else:
        yield Fault("unknown_fact", place)


def _choice(place: Place, wanted: Condition, allowed: list[str]) -> Iterator[Fault]:
    if isinstance(wanted, Range) or wanted == ():
        yield Fault("condition", place)
        return
    for value in _each(wanted):
        if value not in allowed:
            yield Fault("one_of", place, {"value": value, "allowed": ", ".join(allowed)})


def _each(wanted: Primitive | tuple[Primitive, ...]) -> tuple[Primitive, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _range(place: Place, wanted: Condition, possible: Range) -> Iterator[Fault]:
    """A limit that no value can meet never fires, and nobody would notice."""
    if not isinstance(wanted, Range) or wanted == Range() or not _meet(wanted, wanted):
        yield Fault("range", place)
    elif not _meet(wanted, possible):
        yield Fault("outside", place, {"low": possible.low, "high": possible.high})


def _meet(one: Range, other: Range) -> bool:
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    return not lows or not highs or max(lows) <= min(highs)


@cache
def limits() -> frozenset[str]:
    """Codes of the limits that are minutes."""
    shipped = policy.shipped().items()
    return frozenset(code for code, entry in shipped if entry["unit"] == "minutes" and isinstance(entry["value"], int))


@cache
def recorded(folder: Path) -> frozenset[str]:
    """Prompts recorded in every language: shipped, or in an installation's own folder."""
    shipped = settings.BASE_DIR / "medet" / "phone" / "prompts"
    spoken = [
        {path.stem for place in (shipped, folder) for path in (place / language).glob("*.wav")}
        for language in LANGUAGES
    ]
    return frozenset(set.intersection(*spoken))
