"""The day's plan in set-based, idempotent SQL, and the same question asked by the check over it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

# A stored version may be older than today's checks of a file; one that cannot be planned by is passed over for the
# newest that can, so that a bad file never stops the others' day.
_VERSION = """
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
"""
# Who is owed a contact on the day and has none: without the last condition every turn of the loop would try to insert
# everybody again, and burn a number and a uuid for each.
_OWED = """
   and %(day)s between e.started_on and e.planned_end_on
   and (%(day)s - e.started_on) %% coalesce((p.content #>> '{schedule,every_days}')::int, 1) = 0
   and not exists (
     select 1 from monitoring_duecontact d where d.enrolment_id = e.id and d.kind = 'robot' and d."on" = %(day)s)
"""
_PLAN = """
insert into monitoring_duecontact
  (uid, enrolment_id, person_id, organisation_id, kind, "on", window_start, window_end, state)
select medet_uuid7(), e.id, e.person_id, e.organisation_id, %(kind)s, %(day)s,
       (%(day)s + (p.content #>> '{schedule,window,start}')::time) at time zone %(zone)s,
       (%(day)s + (p.content #>> '{schedule,window,end}')::time) at time zone %(zone)s,
       'planned'
"""
_ONCE = """
   and p.content is not null
on conflict (enrolment_id, "on") where kind = 'robot' do nothing
"""
# A doctor's word with the patient is a conclusion (a newer version of one is no new conversation), or answers written
# down by somebody who then was a doctor; the start of the observation counts from its day.
_NO_DOCTOR = """
   and p.content is not null
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
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLAN}{_VERSION}{_OWED}{_ONCE}", {"day": day, "zone": zone, "kind": "robot"})
        return int(cursor.rowcount)


def unplanned(day: date) -> list[UUID]:
    """Enrolments that are owed a contact on a day and have none, also where no version can be planned by."""
    with connection.cursor() as cursor:
        cursor.execute(f"select e.uid {_VERSION}{_OWED} order by e.id", {"day": day})
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
    with connection.cursor() as cursor:
        cursor.execute(f"{_PLAN}{_VERSION}{_NO_DOCTOR}", {"day": day, "zone": zone, "since": since, "kind": "doctor"})
        return int(cursor.rowcount)
