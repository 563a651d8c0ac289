"""What the value of a limit must look like: like the shipped one, all the way in, and within what its unit can mean.

The code that reads a limit trusts it: a time "25:00" would stop the day's plan, a word for a number the end of a call.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from medet.base.refused import Refused, register

register(
    {
        "policy.not_used": _("This release asks for this limit nowhere: it can be neither changed nor confirmed."),
        "policy.kind": _("Give a value of the same kind as before."),
        "policy.whole": _("“%(value)s” is not a whole number from %(least)s to %(most)s."),
        "policy.time": _("“%(value)s” is not a time of day, as 09:00 is."),
        "policy.order": _("Times of day stand one after another: %(first)s is not before %(second)s."),
        "policy.names": _("These names are needed, and no others: %(names)s."),
        "policy.word": _("“%(value)s” is none of these: %(names)s."),
    }
)
# The least and the most of a unit: wide enough for every protocol, too narrow for a slip of the key.
BOUNDS = {
    "attempts": (1, 10),
    "days": (1, 365),
    "hours": (1, 720),
    "MB": (1, 100),
    "minutes": (1, 10_080),
    "people": (1, 10),
    "rows": (1, 100_000),
    "searches": (1, 10_000),
    "seconds": (5, 120),
    "times": (1, 10),
    "working days": (1, 60),
    "years": (1, 100),
}
# Numbers that stand in tables have names of their own; a wait or a number of tries by outcome may be none.
FIELDS = {"lines_percent": (1, 100), "tries": (1, 10), "gap_minutes": (0, 1_440), "priority": (1, 9)}
TIMES = ("local time", "local times")
BEGIN, END = "start", "end"


def check(value: Any, *, like: Any, unit: str) -> None:
    """Refuses what the readers of the limit could not use."""
    _check(value, like, unit, BOUNDS.get(unit, (0, 10_080)))


def in_order(first: Any, second: Any) -> None:
    """Two times of day, the first of them earlier."""
    if not _time(first) < _time(second):
        raise Refused("policy.order", first=first, second=second)


def _check(value: Any, like: Any, unit: str, bounds: tuple[int, int]) -> None:
    if type(value) is not type(like):
        raise Refused("policy.whole", value=value, least=bounds[0], most=bounds[1]) if type(like) is int else _kind()
    if isinstance(like, dict):
        _table(value, like, unit, bounds)
    elif isinstance(like, list):
        _list(value, like, unit)
    elif isinstance(like, str):
        _time(value)
    elif not isinstance(like, bool) and not bounds[0] <= value <= bounds[1]:
        raise Refused("policy.whole", value=value, least=bounds[0], most=bounds[1])


def _table(value: Mapping[str, Any], like: Mapping[str, Any], unit: str, bounds: tuple[int, int]) -> None:
    """The same names; in a table of tables each may have what any of the others has."""
    inner = [one for one in like.values() if isinstance(one, dict)]
    _named(value, needed=like, known=like)
    for name, one in value.items():
        if not inner:
            _check(one, like[name], unit, FIELDS.get(name, (0, bounds[1])))
            continue
        if not isinstance(one, dict):
            raise _kind()
        known = {key: was for table in inner for key, was in table.items()}
        _named(one, needed=set.intersection(*(set(table) for table in inner)), known=known)
        for key, found in one.items():
            _check(found, known[key], unit, FIELDS.get(key, bounds))
        if {BEGIN, END} <= one.keys():
            in_order(one[BEGIN], one[END])


def _list(value: list[Any], like: list[Any], unit: str) -> None:
    """Times one after another, or words of the shipped list; each once."""
    if unit in TIMES:
        for one in value:
            _time(one)
        for first, second in pairwise(value):
            in_order(first, second)
        return
    for one in value:
        if one not in like or value.count(one) > 1:
            raise Refused("policy.word", value=one, names=", ".join(map(str, like)))


def _named(value: Mapping[str, Any], *, needed: Iterable[str], known: Iterable[str]) -> None:
    if not set(needed) <= set(value) <= set(known):
        raise Refused("policy.names", names=", ".join(sorted(needed)))


def _time(value: Any) -> time:
    try:
        return time.fromisoformat(value) if len(value) == len("09:00") else _no_time(value)
    except (TypeError, ValueError) as fault:
        raise Refused("policy.time", value=value) from fault


def _no_time(value: Any) -> time:
    raise Refused("policy.time", value=value)


def _kind() -> Refused:
    return Refused("policy.kind")
