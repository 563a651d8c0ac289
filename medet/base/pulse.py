"""Processes say that they live, and others see when one has stopped."""

import json
from datetime import datetime, timedelta

from django.db import connection

from medet.base.models import Pulse

EVERY_S = 15.0
SILENT_AFTER = timedelta(seconds=60)

_BEAT = """
insert into base_pulse (name, at, began_at, facts) values (%(name)s, %(now)s, %(now)s, %(facts)s)
on conflict (name) do update set at = excluded.at, facts = excluded.facts,
  began_at = case when base_pulse.at < %(silent)s then excluded.at else base_pulse.began_at end
"""


def beat(*, name: str, now: datetime, **facts: object) -> None:
    """One row a process; after a silence it begins anew."""
    with connection.cursor() as cursor:
        told = json.dumps(facts, default=str)
        cursor.execute(_BEAT, {"name": name, "now": now, "silent": now - SILENT_AFTER, "facts": told})


def is_alive(name: str, *, now: datetime) -> bool:
    """Whether it was heard of lately."""
    return Pulse.objects.filter(name=name, at__gt=now - SILENT_AFTER).exists()
