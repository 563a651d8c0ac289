"""The facts a programme's rules are judged on: answers of this contact and what is known already."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from medet.base import wording
from medet.base.clock import local_day
from medet.base.refused import Refused
from medet.monitoring.rules import Fact
from medet.monitoring.schema import Measure, Programme
from medet.people.queries import age_on
from medet.records.actions import Value
from medet.records.models import Case
from medet.records.queries import readings_of

HIGH_FEVER = ("38to39", "above39")
FEVER_FROM = Decimal("38.0")


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
    facts: dict[str, Fact] = {"risk_group": tuple(case.risk_groups), "fever_days": fever_days(case, now=now)}
    age = age_on(case.person, local_day(now))
    if age is not None:
        facts["age"] = age
    for key, text in values.items():
        facts[key] = Decimal(text) if programme.measure(key) else text
    return facts


def fever_days(case: Case, *, now: datetime) -> int:
    """Days in a row before today with a fever of 38 or more, as told or measured."""
    since = now - timedelta(days=21)
    days = {local_day(row.at) for row in readings_of(case, "fever", since=since) if row.choice in HIGH_FEVER}
    days |= {
        local_day(row.at)
        for row in readings_of(case, "temperature", since=since)
        if row.number is not None and row.number >= FEVER_FROM
    }
    count, day = 0, local_day(now) - timedelta(days=1)
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count
