"""Limits of law and protocol as data: each has a value, a validity, a legal source and who confirmed it.

`value("quarantine.days", now=now)` is the only way code asks for a limit. Shipped values lie in policy.yaml.
"""

from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from medet.base import journal, policy_shape
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.ids import uuid7
from medet.base.models import PolicyParameter
from medet.base.refused import Refused
from medet.base.yamls import read

SEEDS = Path(__file__).with_name("policy.yaml")
SEEDED_FROM = date(2020, 1, 1)
# The first of each begins what the second ends: the wrong way round nobody would be rung, and nothing would say so.
HOURS = (("call.hours.start", "call.hours.end"),)


def value(code: str, *, now: datetime, jurisdiction: str = "KZ") -> Any:
    """The value in force on the local day of `now`."""
    return parameter(code, now=now, jurisdiction=jurisdiction).value


def parameter(code: str, *, now: datetime, jurisdiction: str = "KZ") -> PolicyParameter:
    """The whole row, for screens that name the source next to the limit."""
    day = local_day(now)
    found = _held_since(day, code, jurisdiction).filter(valid_from__lte=day).first()
    if found is None:
        raise Refused("policy.missing", limit=code, day=day)
    return found


def _held_since(day: date, code: str, jurisdiction: str) -> QuerySet[PolicyParameter]:
    """The rows in force on a day or later."""
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    return PolicyParameter.objects.filter(later, code=code, jurisdiction=jurisdiction)


def whole(code: str, *, now: datetime) -> int:
    """A limit that is a whole number: days, minutes, attempts."""
    return int(value(code, now=now))


def local_time(code: str, *, now: datetime) -> time:
    """A limit that is a time of day where the centre works."""
    return time.fromisoformat(value(code, now=now))


def local_times(code: str, *, now: datetime) -> list[time]:
    """A limit that is a list of times of day where the centre works."""
    return [time.fromisoformat(text) for text in value(code, now=now)]


@transaction.atomic
def change(
    *, code: str, value: Any, valid_from: date, by: Actor, now: datetime, unit: str = "", legal_ref: str = "",
    jurisdiction: str = "KZ",
) -> PolicyParameter:  # fmt: skip
    """Puts a new, unconfirmed value in force from a day on, in the place of what nobody has confirmed from then on."""
    _must_be_used(code)
    check(code, value, valid_from=valid_from, jurisdiction=jurisdiction)
    rows = PolicyParameter.objects.filter(code=code, jurisdiction=jurisdiction)
    held = list(rows.select_for_update().order_by("-valid_from"))
    for row in held:
        if row.valid_from >= valid_from:
            _withdraw(row, by=by, now=now)
    rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(valid_to=valid_from)
    new = PolicyParameter.objects.create(
        code=code, value=value, unit=unit or (held[0].unit if held else ""), valid_from=valid_from,
        legal_ref=legal_ref, jurisdiction=jurisdiction, set_by=by.user_id,
    )  # fmt: skip
    _note("policy.changed", new, by=by, now=now)
    return new


def check(code: str, value: Any, *, valid_from: date, jurisdiction: str = "KZ") -> None:
    """Refuses what the code that reads the limit could not use: a slip would stop the day's plan."""
    if entry := shipped().get(code):
        policy_shape.check(value, like=entry["value"], unit=entry["unit"])
    for first, second in HOURS:
        if code in (first, second):
            for other in _held_since(valid_from, second if code == first else first, jurisdiction):
                policy_shape.in_order(*((value, other.value) if code == first else (other.value, value)))


def _withdraw(row: PolicyParameter, *, by: Actor, now: datetime) -> None:
    """What was confirmed stands, and so does what was in force on days that are over."""
    if row.confirmed_by is not None or row.valid_from < local_day(now):
        raise Refused("policy.overlap", limit=row.code, day=row.valid_from)
    _note("policy.withdrawn", row, by=by, now=now, day=row.valid_from.isoformat(), set_by=row.set_by)
    row.delete()


@transaction.atomic
def confirm(*, parameter: PolicyParameter, by: Actor, now: datetime) -> None:
    """A named person takes responsibility for the value; not the one who set it."""
    _must_be_used(parameter.code)
    row = PolicyParameter.objects.select_for_update().get(pk=parameter.pk)
    if row.set_by is not None and row.set_by == by.user_id:
        raise Refused("policy.own_confirmation", limit=row.code)
    row.confirmed_by, row.confirmed_at = by.user_id, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    _note("policy.confirmed", row, by=by, now=now)


def _must_be_used(code: str) -> None:
    """Nobody answers by name for a number that changes nothing."""
    if not is_used(code):
        raise Refused("policy.not_used", limit=code)


def _note(kind: str, row: PolicyParameter, *, by: Actor, now: datetime, **more: Any) -> None:
    # A limit has no page of its own, hence no uid: the entry's object is the entry itself.
    values = {"limit": row.code, "value": row.value} | more
    journal.append(kind=kind, by=by, now=now, object_uid=uuid7(now), code=kind, values=values)


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The entries of policy.yaml."""
    return dict(read(SEEDS))


def is_used(code: str) -> bool:
    """Whether any code of this release asks for the limit; one that is not shipped any more is asked for by nobody."""
    return bool(shipped().get(code, {"used": False}).get("used", True))


def seed(apps: Any, schema_editor: Any) -> None:
    """For RunPython: adds the shipped limits that are missing and leaves the others alone."""
    table = apps.get_model("base", "PolicyParameter").objects
    known = set(table.values_list("code", flat=True))
    for code, entry in shipped().items():
        if code not in known:
            data = {name: one for name, one in entry.items() if name != "used"}
            table.create(code=code, valid_from=SEEDED_FROM, **data)
