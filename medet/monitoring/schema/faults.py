"""What is wrong with a programme file, and where, in the reader's words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from pydantic_core import ErrorDetails

WORDS: "dict[str, StrOrPromise]" = {
    "unreadable": _("the file cannot be opened as text"),
    "not_yaml": _("line %(line)s is not YAML"),
    "twice": _("“%(value)s” stands there twice"),
    "key_twice": _("“%(value)s” stands a second time in line %(line)s"),
    "missing": _("this is missing"),
    "unknown_key": _("a programme has no such key"),
    "group": _("keys with values belong here"),
    "list": _("a list belongs here"),
    "few": _("at least %(least)s are needed"),
    "text": _("text belongs here; “yes”, “no” and numbers are put in quotes"),
    "number": _("a number belongs here"),
    "whole": _("a whole number belongs here"),
    "least": _("%(least)s or more is needed"),
    "one_of": _("“%(value)s” is not one of: %(allowed)s"),
    "digit": _("one digit belongs here"),
    "time": _("“%(value)s” is no time of day such as 09:00"),
    "code": _("small Latin letters, digits and hyphens belong here"),
    "condition": _("an answer, a list of answers, or a range of low and high belongs here"),
    "range": _("a range of low and high belongs here, low not above high"),
    "outside": _("no value between %(low)s and %(high)s is in this range"),
    "empty": _("at least one condition is needed"),
    "unknown_fact": _("nothing with this name is asked, measured or counted"),
    "due": _("“%(value)s” is neither minutes nor a limit in minutes"),
    "prompt": _("“%(value)s” is not recorded in all three languages"),
    "window": _("the hours end before they begin"),
    "doctors": _("a danger sign and “doctor today” belong to a doctor"),
    "advice_red": _("only a danger sign ends the call with advice"),
    "long": _("“%(value)s” is longer than %(most)s characters"),
    "decimals": _("at most %(most)s decimals are kept"),
    "unusable": _("this value cannot be used"),
}
# pydantic's kinds of error; `_MEANT` goes before them where the place says more than the kind.
_KINDS = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "model_type": "group",
    "dict_type": "group",
    "tuple_type": "list",
    "too_short": "few",
    "string_type": "text",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "greater_than_equal": "least",
    "literal_error": "one_of",
}
_MEANT = {"digit": "digit", "start": "time", "end": "time", "code": "code"}
_CHOICES = {"when": "condition", "days_in_a_row": "condition", "due": "due"}
Step = str | int


@dataclass(frozen=True)
class Fault:
    """One fault; its sentence is made when somebody reads it, in their language."""

    code: str
    place: tuple[Step, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = str(WORDS[self.code]) % self.values
        where = ".".join(self.names or [str(step) for step in self.place])
        return f"{where}: {words}" if where else words


def of_pydantic(error: "ErrorDetails", raw: Any) -> Fault:
    """The first error of a shape in our own words: its kind, its place by the names of the file."""
    place, rest = _walk(error["loc"], raw)
    value, context = error["input"], error.get("ctx", {})
    values = {
        "value": value,
        "allowed": ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", "")))),
        "least": context.get("ge", context.get("min_length", "")),
    }
    return Fault(_code(error["type"], place, rest), place, values, named(place, raw))


def _code(kind: str, place: tuple[Step, ...], rest: tuple[Step, ...]) -> str:
    if rest:  # the branches of a value that may be several things
        return next((_CHOICES[step] for step in place if step in _CHOICES), "unusable")
    if kind == "string_pattern_mismatch":
        return _MEANT.get(str(place[-1]), "unusable")
    return _KINDS.get(kind, "unusable")


def _walk(loc: tuple[Step, ...], raw: Any) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The part of the place that stands in the file, with a missing key as its end; and what pydantic adds."""
    for index, step in enumerate(loc):
        found = _inside(raw, step)
        if found is _NOTHING:
            missing = isinstance(raw, Mapping) and index == len(loc) - 1 and not _may_vary(loc[:index])
            return (loc, ()) if missing else (loc[:index], loc[index:])
        raw = found
    return loc, ()


_NOTHING = object()


def _may_vary(loc: tuple[Step, ...]) -> bool:
    return any(step in _CHOICES for step in loc)


def _inside(raw: Any, step: Step) -> Any:
    if isinstance(raw, Mapping):
        return raw.get(step, _NOTHING)
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        return raw[step]
    return _NOTHING


def named(place: Iterable[Step], raw: Any) -> tuple[str, ...]:
    """`rules.2` as `rules.spo2_low`: people count badly in long files."""
    names = []
    for step in place:
        raw = _inside(raw, step)
        name = next((raw[key] for key in ("code", "key", "value") if isinstance(raw, Mapping) and key in raw), None)
        names.append(str(name) if isinstance(step, int) and name is not None else str(step))
    return tuple(names)
