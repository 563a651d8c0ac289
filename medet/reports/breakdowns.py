"""By what a report is split: which part a row belongs to, and the parts in their order with their words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Q, Subquery, Value, When
from django.db.models.expressions import Combinable, Func
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from medet.base.yamls import read
from medet.people.queries import district_then
from medet.places.queries import districts
from medet.records.codes import choices

UNKNOWN, NONE = "unknown", "none"
Parts = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """`part` says in SQL where a row belongs; `only` picks the rows of one part when a row may belong to several.
    `field` leads from a row to the code, or codes, it says of itself; without one that stands in the card."""

    code: str
    title: str | Promise
    parts: Callable[[], Parts]
    part: Callable[[], Combinable]
    only: Callable[[str], Q] | None = None
    field: str = ""
    is_map: bool = False


def by_choices(code: str, title: Promise, words: Any, field: str = "") -> Breakdown:
    """Parts that a field names."""
    column = field or code
    return Breakdown(
        code=code,
        title=title,
        parts=lambda: [(value, str(label)) for value, label in words.choices],
        part=lambda: F(column),
        field=column,
    )


def by_codes(code: str, title: Promise, name: str, field: str = "") -> Breakdown:
    """Parts of a coded list."""
    column = field or code
    return Breakdown(code=code, title=title, parts=lambda: choices(name), part=lambda: F(column), field=column)


def by_district(*, person: str, at: str) -> Breakdown:
    """Where the person lived then."""
    return Breakdown(
        code="district",
        title=_("District"),
        parts=lambda: [*((row.kato, row.name) for row in districts()), (UNKNOWN, str(_("Address not known")))],
        part=lambda: _known(district_then(person=person, at=at)),
        is_map=True,
    )


def by_age(*, born: str, on: str) -> Breakdown:
    """Completed years on that day."""
    return Breakdown(
        code="age",
        title=_("Age"),
        parts=lambda: [*((row["code"], row[_language()]) for row in age_groups()), (UNKNOWN, str(_("Age not known")))],
        part=lambda: _age_group(born, on),
    )


def by_risk(*, field: str) -> Breakdown:
    """A person may belong to several groups: the parts add up to more than the whole."""
    return Breakdown(
        code="risk",
        title=_("Risk group"),
        parts=lambda: [*choices("risk_groups"), (NONE, str(_("No risk group")))],
        part=lambda: _Each(F(field)),
        only=lambda code: Q(**{field: []}) if code == NONE else Q(**{f"{field}__contains": [code]}),
        field=field,
    )


@cache
def age_groups() -> list[dict[str, Any]]:
    """The groups of ages, youngest first."""
    return list(read(Path(__file__).parent / "data" / "age_groups.yaml"))


class _Each(Func):
    """Every element of an array, and one word for an empty one."""

    function = "unnest"
    template = f"unnest(case when cardinality(%(expressions)s) = 0 then array['{NONE}'] else %(expressions)s end)"
    output_field = CharField()


class _Years(Func):
    template = "extract(year from age(%(expressions)s))::int"
    output_field = IntegerField()


def _age_group(born: str, on: str) -> Combinable:
    years = _Years(F(on), F(born))
    older_first = [
        When(GreaterThanOrEqual(years, Value(row["from"])), then=Value(row["code"])) for row in reversed(age_groups())
    ]
    return Case(*older_first, default=Value(UNKNOWN), output_field=CharField())


def _known(expression: Subquery) -> Combinable:
    return Coalesce(expression, Value(UNKNOWN), output_field=CharField())


def _language() -> str:
    return (get_language() or "ru")[:2]
