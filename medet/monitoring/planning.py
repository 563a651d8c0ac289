"""The day's plan in set-based, idempotent SQL, and the same question asked by the check over it."""

from datetime import date
from uuid import UUID

from django.db import connection

# Who is owed a contact on the day and has none: without the last condition every turn of the loop would try to insert
# everybody again, and burn a number and a uuid for each. A stored version may be older than today's checks of a file;
# one that cannot be planned by is passed over for the newest that can, so that a bad file never stops the others' day.
_OWED = """
  from monitoring_enrolment e
  left join lateral (
    select content from monitoring_programme
     where code = e.programme_code
       and content @? '$.schedule ? (@.every_days >= 1 && @.every_days == @.every_days.floor()
         && @.window.start < @.window.end
         && @.window.start like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$"
         && @.window.end like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$")'
     order by version desc limit 1
  ) p on true
 where e.state = 'active'
   and %(day)s between e.started_on and e.planned_end_on
   and (%(day)s - e.started_on) %% coalesce((p.content #>> '{schedule,every_days}')::int, 1) = 0
   and not exists (
     select 1 from monitoring_duecontact d where d.enrolment_id = e.id and d.kind = 'robot' and d."on" = %(day)s)
"""
_PLAN = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, 'robot', %(day)s,
       (%(day)s + (p.content #>> '{schedule,window,start}')::time) at time zone %(zone)s,
       (%(day)s + (p.content #>> '{schedule,window,end}')::time) at time zone %(zone)s,
       'planned'
"""
_ONCE = """
   and p.content is not null
on conflict (enrolment_id, kind, "on") do nothing
"""


def plan_day(*, day: date, zone: str) -> int:
    """Makes the DueContacts of a local day for every active enrolment; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLAN}{_OWED}{_ONCE}", {"day": day, "zone": zone})
        return int(cursor.rowcount)


def unplanned(day: date) -> list[UUID]:
    """Enrolments that are owed a contact on a day and have none, also where no version can be planned by."""
    with connection.cursor() as cursor:
        cursor.execute(f"select e.uid {_OWED} order by e.id", {"day": day})
        return [row[0] for row in cursor.fetchall()]
