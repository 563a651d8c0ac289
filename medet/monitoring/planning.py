"""The day's plan in set-based, idempotent SQL, and the same question asked by the check over it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

# A stored version may be older than today's checks of a file; one that cannot be planned by is passed over for the
# newest that can, so that a bad file never stops the others' day. Files are large: each is looked into once, not once
# for everybody it watches over.
_VERSIONS = """
with version as materialized (
  select distinct on (code) code, (content #>> '{schedule,every_days}')::int as every_days,
         (content #>> '{schedule,window,start}')::time as window_start,
         (content #>> '{schedule,window,end}')::time as window_end
    from monitoring_programme
   where content @? '$.schedule ? (@.every_days >= 1 && @.every_days == @.every_days.floor()
       && @.window.start < @.window.end
       && @.window.start like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$"
       && @.window.end like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$")'
   order by code, version desc
)
"""
_ENROLLED = """
  from monitoring_enrolment e
  left join version p on p.code = e.programme_code
 where e.state = 'active'
"""
# Who is owed a contact on the day.
_OWED = """
   and %(day)s between e.started_on and e.planned_end_on
   and (%(day)s - e.started_on) %% coalesce(p.every_days, 1) = 0
"""
# And has none: otherwise every turn of the loop would try to insert everybody again, and burn a number and a uuid for
# each. An observation that has just begun has none for certain, and looking for it can be dear while nobody has counted
# the new rows yet (measured: nested loops, 2 s for 2 000 people).
_NOT_YET = """
   and not exists (
     select 1 from monitoring_duecontact d where d.enrolment_id = e.id and d.kind = 'robot' and d."on" = %(day)s)
"""
_BEGUN = """
   and e.case_id = any(%(cases)s)
"""
_PLAN = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, %(kind)s, %(day)s,
       (%(day)s + p.window_start) at time zone %(zone)s, (%(day)s + p.window_end) at time zone %(zone)s,
       'planned'
"""
_ONCE = """
   and p.code is not null
on conflict (enrolment_id, "on") where kind = 'robot' do nothing
"""
# A doctor's word with the patient is a conclusion (a newer version of one is no new conversation), or answers written
# down by somebody who then was a doctor; the start of the observation counts from its day.
_NO_DOCTOR = """
   and p.code is not null
   and %(day)s <= e.planned_end_on and e.started_on < %(since)s
   and not exists (
     select 1 from monitoring_duecontact d
      where d.enrolment_id = e.id and d.kind = 'doctor' and d.state in ('planned', 'doctors') and d."on" <= %(day)s)
   and not exists (
     select 1 from records_conclusion c
      where c.case_id = e.case_id and c.amends_id is null
        and c.signed_at >= %(since)s::timestamp at time zone %(zone)s)
   and not exists (
     select 1 from monitoring_answers a
       join staff_roleat r on r.user_id = a.by_user_id and r.organisation_id = a.organisation_id and r.role = 'doctor'
        and r.valid_from <= a.given_at and (r.valid_to is null or r.valid_to > a.given_at)
      where a.enrolment_id = e.id and a.given_at >= %(since)s::timestamp at time zone %(zone)s)
on conflict (enrolment_id, "on") where kind = 'doctor' and state in ('planned', 'doctors') do nothing
"""


def plan_day(*, day: date, zone: str) -> int:
    """Makes the robot's DueContacts of a local day for every active enrolment; how many were new."""
    with _no_nested_loops():
        return _made(f"{_OWED}{_NOT_YET}{_ONCE}", {"day": day, "zone": zone, "kind": "robot"})


def plan_begun(*, day: date, zone: str, cases: Sequence[int]) -> int:
    """The same for cases whose observation has just begun; who has a contact already keeps it."""
    return _made(f"{_OWED}{_BEGUN}{_ONCE}", {"day": day, "zone": zone, "kind": "robot", "cases": list(cases)})


def unplanned(day: date) -> list[UUID]:
    """Enrolments that are owed a contact on a day and have none, also where no version can be planned by."""
    with transaction.atomic(), _no_nested_loops(), connection.cursor() as cursor:
        cursor.execute(f"{_VERSIONS} select e.uid {_ENROLLED}{_OWED}{_NOT_YET} order by e.id", {"day": day})
        return [row[0] for row in cursor.fetchall()]


_EXTRA = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, 'extra', %(day)s, %(since)s, %(until)s, 'planned'
  from monitoring_enrolment e
 where e.id = any(%(enrolments)s) and e.state = 'active'
 order by e.id
   for share of e
on conflict (enrolment_id) where kind = 'extra' and state = 'planned' do nothing
"""


def plan_extra(*, enrolments: list[int], day: date, since: datetime, until: datetime) -> int:
    """One more contact of the robot today for each; how many were new. The enrolments are held, as by the claim."""
    with connection.cursor() as cursor:
        cursor.execute(_EXTRA, {"enrolments": enrolments, "day": day, "since": since, "until": until})
        return int(cursor.rowcount)


def plan_doctors(*, day: date, zone: str, gap: int) -> int:
    """Makes a doctor's contact for everybody whom no doctor has spoken with for `gap` days; how many were new."""
    since = day - timedelta(days=gap - 1)
    return _made(_NO_DOCTOR, {"day": day, "zone": zone, "since": since, "kind": "doctor"})


@contextmanager
def _no_nested_loops() -> Iterator[None]:
    """A day's contacts are taken for one row until somebody has counted them, which on a large table may take days:
    everybody would be compared with everybody (measured: 51 s for 50 000 people, a tenth of a second so)."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = off")
        yield
        cursor.execute("set local enable_nestloop = on")


def _made(condition: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"{_VERSIONS}{_PLAN}{_ENROLLED}{condition}", values)
        return int(cursor.rowcount)
