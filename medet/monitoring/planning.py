"""The day's plan in set-based, idempotent SQL."""

from datetime import date

from django.db import connection

_PLAN = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, 'robot', %(day)s,
       (%(day)s + (p.content #>> '{schedule,window,start}')::time) at time zone %(zone)s,
       (%(day)s + (p.content #>> '{schedule,window,end}')::time) at time zone %(zone)s,
       'planned'
  from monitoring_enrolment e
  join lateral (
    select content from monitoring_programme where code = e.programme_code order by version desc limit 1
  ) p on true
 where e.state = 'active'
   and %(day)s between e.started_on and e.planned_end_on
   and (%(day)s - e.started_on) %% (p.content #>> '{schedule,every_days}')::int = 0
on conflict (enrolment_id, kind, "on") do nothing
"""


def plan_day(*, day: date, zone: str) -> int:
    """Makes the DueContacts of a local day for every active enrolment; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"day": day, "zone": zone})
        return int(cursor.rowcount)
