"""Pure decisions over answers: decision support, not a diagnosis.

Facts are a mapping: answers by question key (coded value), measures by key (number), `age` in years,
`risk_group` as a tuple of codes, and what the file counts in days before today. A rule that needs a missing fact
does not fire.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from medet.monitoring.schema import Condition, Primitive, Programme, Range, Rule

Fact = Primitive | Decimal | tuple[str, ...]
ORDER = {"red": 0, "amber": 1, "signal": 2, "green": 3}


@dataclass(frozen=True)
class Finding:
    """A rule that fired, with the facts that made it fire."""

    rule: Rule
    because: dict[str, str]


def findings(programme: Programme, facts: Mapping[str, Fact]) -> list[Finding]:
    """Every rule that fires, gravest first; the order of the file among equals."""
    fired = [
        Finding(rule, {key: _text(facts[key]) for key in rule.when}) for rule in programme.rules if holds(rule, facts)
    ]
    return sorted(fired, key=lambda finding: ORDER[finding.rule.band])


def band(found: Sequence[Finding]) -> str:
    """The gravest medical band of what was found; green when nothing medical was."""
    medical = [finding.rule.band for finding in found if finding.rule.band != "signal"]
    return min(medical, key=ORDER.__getitem__, default="green")


def holds(rule: Rule, facts: Mapping[str, Fact]) -> bool:
    """Whether all conditions of a rule hold, and nothing is known that speaks instead of it."""
    if any(key in facts for key in rule.unless_known):
        return False
    return all(key in facts and _matches(facts[key], wanted) for key, wanted in rule.when.items())


def counted(programme: Programme, told: Iterable[tuple[date, str, Fact]], *, today: date) -> dict[str, int]:
    """What the file counts: for how many days in a row up to yesterday one of the conditions held."""
    days: dict[str, set[date]] = {name: set() for name in programme.days_in_a_row}
    for day, key, fact in told:
        for name, conditions in programme.days_in_a_row.items():
            if key in conditions and _matches(fact, conditions[key]):
                days[name].add(day)
    return {name: _in_a_row(held, today) for name, held in days.items()}


def _in_a_row(days: Collection[date], today: date) -> int:
    count = 0
    while today - timedelta(days=count + 1) in days:
        count += 1
    return count


def _matches(fact: Fact, wanted: Condition) -> bool:
    if isinstance(wanted, Range):
        return _within(fact, wanted)
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    told = fact if isinstance(fact, tuple) else (fact,)
    return any(value in allowed for value in told)


def _within(fact: Fact, wanted: Range) -> bool:
    if not isinstance(fact, (int, Decimal)):
        return False
    return (wanted.low is None or fact >= wanted.low) and (wanted.high is None or fact <= wanted.high)


def _text(fact: Fact) -> str:
    return ", ".join(fact) if isinstance(fact, tuple) else str(fact)
