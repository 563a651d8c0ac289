"""The day's plan in set-based, idempotent SQL."""

from datetime import date, timedelta

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
on conflict (enrolment_id, "on") where kind = 'robot' do nothing
"""
# A doctor's word with the patient is a conclusion (a newer version of one is no new conversation), or answers written
# down by somebody who then was a doctor; the start of the observation counts from its day.
_PLAN_DOCTORS = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, 'doctor', %(day)s,
       (%(day)s + (p.content #>> '{schedule,window,start}')::time) at time zone %(zone)s,
       (%(day)s + (p.content #>> '{schedule,window,end}')::time) at time zone %(zone)s,
       'planned'
  from monitoring_enrolment e
  join lateral (
    select content from monitoring_programme where code = e.programme_code order by version desc limit 1
  ) p on true
 where e.state = 'active'
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
    """Makes the DueContacts of a local day for every active enrolment; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"day": day, "zone": zone})
        return int(cursor.rowcount)


def plan_doctors(*, day: date, zone: str, gap: int) -> int:
    """Makes a doctor's contact for everybody whom no doctor has spoken with for `gap` days; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN_DOCTORS, {"day": day, "zone": zone, "since": day - timedelta(days=gap - 1)})
        return int(cursor.rowcount)
