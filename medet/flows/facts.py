"""The facts a programme's rules are judged on: answers of this contact and what is known already."""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from medet.base import policy, wording
from medet.base.clock import LOCAL, local_day
from medet.base.refused import Refused
from medet.monitoring.rules import Fact, counted
from medet.monitoring.schema import Measure, Programme, Rule
from medet.monitoring.schema.checks import MOST_DAYS
from medet.people.queries import age_on
from medet.records.actions import Value
from medet.records.models import Case
from medet.records.queries import told_of

log = logging.getLogger("medet.flows")
# For a rule whose own time cannot be read: too soon harms nobody.
SAFE_MINUTES = 15


def check_answers(programme: Programme, given: Mapping[str, str]) -> dict[str, Value]:
    """Answers as readings; an unknown value or one out of range refuses."""
    return {key: _value(programme, key, text.strip()) for key, text in given.items() if text.strip()}


def _value(programme: Programme, key: str, text: str) -> Value:
    measure = programme.measure(key)
    if measure:
        return Value(code=key, number=_number(measure, text), unit=measure.unit)
    question = programme.question(key)
    if question is None or question.by_value(text) is None:
        raise Refused("answer.unknown", value=text, question=key)
    return Value(code=key, choice=text)


def _number(measure: Measure, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = measure.low - 1
    if not number.is_finite() or not measure.low <= number <= measure.high:
        raise Refused(
            "answer.range", name=measure.label.in_language(wording.language()), low=measure.low, high=measure.high
        )
    return round(number, measure.decimals)


def facts_of(case: Case, values: Mapping[str, str], programme: Programme, *, now: datetime) -> dict[str, Fact]:
    """All facts by key; what is not known is absent, so no rule fires on it."""
    told = {key: Decimal(text) if programme.measure(key) else text for key, text in values.items()}
    return {**known_facts(case, programme, now=now), **told}


def known_facts(case: Case, programme: Programme, *, now: datetime) -> dict[str, Fact]:
    """What is known before anything is told: the robot judges by the same facts as the alert."""
    today = local_day(now)
    facts: dict[str, Fact] = {"risk_group": tuple(case.risk_groups)}
    facts |= counted(programme, _told(case, programme, today), today=today)
    age = age_on(case.person, today)
    return facts if age is None else {**facts, "age": age}


def _told(case: Case, programme: Programme, today: date) -> Iterator[tuple[date, str, Fact]]:
    """What was told or measured on the days that may be counted."""
    keys = {key for conditions in programme.days_in_a_row.values() for key in conditions}
    since = datetime.combine(today - timedelta(days=MOST_DAYS), time(), LOCAL)
    for row in told_of(case, keys, since=since) if keys else ():
        yield local_day(row.at), row.code, row.choice if row.number is None else row.number


def minutes_of(rule: Rule, *, now: datetime) -> int:
    """How soon somebody must act; a limit that cannot be read must not cost the danger sign itself."""
    try:
        minutes = rule.due if isinstance(rule.due, int) else policy.whole(rule.due, now=now)
    except (Refused, TypeError, ValueError):
        minutes = 0
    if minutes >= 1:
        return minutes
    log.error("rule %s: its due %r cannot be read, %s minutes are held instead", rule.code, rule.due, SAFE_MINUTES)
    return SAFE_MINUTES
