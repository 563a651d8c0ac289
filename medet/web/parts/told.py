"""What was told and measured, in the reader's words: the programme's labels, never raw codes where it has one."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy

from medet.base import wording
from medet.monitoring.schema import Measure, Programme
from medet.web.parts.shapes import Fact

UNITS = ("%", "°C")
# What a clinic's visit writes down and no programme asks: its words and those of its values.
AT_THE_DOOR = {"pcr_taken": (gettext_lazy("PCR"), {"yes": gettext_lazy("taken"), "no": gettext_lazy("not taken")})}


def facts(values: Mapping[str, str], programme: Programme | None) -> list[Fact]:
    """Answers and measures as labelled facts, in the order of the programme; unknown keys stand last."""
    order = _order(programme)
    keys = sorted(values, key=lambda key: order.get(key, len(order)))
    return [Fact(_label(key, programme), _value(key, str(values[key]), programme)) for key in keys]


def sentence(values: Mapping[str, str], programme: Programme | None) -> str:
    """`State: worse · Breathlessness: at rest · SpO₂ 91 %`."""
    return " · ".join(_said(fact) for fact in facts(values, programme))


def _said(fact: Fact) -> str:
    """A measure is said with its unit behind the number, as on a device."""
    name, _sep, unit = fact.label.partition(", ")
    return f"{name} {fact.value} {unit}" if unit in UNITS else f"{fact.label}: {fact.value}"


def _order(programme: Programme | None) -> dict[str, int]:
    parts: Iterable[str] = ()
    if programme:
        parts = [*(question.key for question in programme.questions), *(measure.key for measure in programme.measures)]
    return {key: index for index, key in enumerate(parts)}


def _label(key: str, programme: Programme | None) -> str:
    found = (programme.question(key) or programme.measure(key)) if programme else None
    if found:
        return found.label.in_language(wording.language())
    return str(AT_THE_DOOR[key][0]) if key in AT_THE_DOOR else key


def _value(key: str, text: str, programme: Programme | None) -> str:
    measure = programme.measure(key) if programme else None
    if measure:
        return _number(text, measure)
    question = programme.question(key) if programme else None
    option = question.by_value(text) if question else None
    if option:
        return option.label.in_language(wording.language())
    return str(AT_THE_DOOR[key][1].get(text, text)) if key in AT_THE_DOOR else text


def _number(text: str, measure: Measure) -> str:
    try:
        return wording.number(Decimal(text), measure.decimals)
    except InvalidOperation:
        return text
