"""Two answers in one SQL each: who is on duty, and where the rota has gaps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from medet.base.clock import LOCAL, local_day
from medet.staff.models import User
from medet.staff.rota.queries import LONGEST
from medet.staff.rota.states import ANY_LANGUAGE, How
from medet.staff.states import Role


@dataclass(frozen=True)
class OnDuty:
    """Who answers for a role, how that is known, and when a planned one begins or ends."""

    user: User | None
    how: How
    speaks: bool
    starts_at: datetime | None = None
    ends_at: datetime | None = None


DUTY_NOW = """
with held as (
  select distinct u.id, case when u.speaks = '{}' then array[u.language] else u.speaks end as spoken
    from staff_roleat r join staff_user u on u.id = r.user_id and u.is_active
   where r.organisation_id = %(organisation)s and r.role = %(role)s
     and r.valid_from <= %(now)s and (r.valid_to is null or r.valid_to > %(now)s)
), working as (
  select user_id from staff_shift where ended_at is null and organisation_id = %(organisation)s and role = %(role)s
), found as (
  select h.id, case when w.user_id is null then 2 else 1 end as tier, d.languages as spoken, d.starts_at, d.ends_at
    from staff_duty d join held h on h.id = d.user_id left join working w on w.user_id = d.user_id
   where d.organisation_id = %(organisation)s and d.role = %(role)s and d.dropped_at is null
     and d.starts_at > %(horizon)s and d.starts_at <= %(now)s and d.ends_at > %(now)s
  union all
  select h.id, 3, h.spoken, null, null from working w join held h on h.id = w.user_id
  union all
  (select h.id, 4, d.languages, d.starts_at, d.ends_at from staff_duty d join held h on h.id = d.user_id
    where d.organisation_id = %(organisation)s and d.role = %(role)s and d.dropped_at is null
      and d.starts_at > %(now)s
    order by d.starts_at, (%(language)s <> all (d.languages)), h.id limit 1)
  union all
  select h.id, 5, h.spoken, null, null from held h
)
select id, tier, %(language)s = '' or %(language)s = any (spoken) as speaks, starts_at, ends_at
  from found order by tier, speaks desc, starts_at, id limit 1
"""
_TIERS = {1: How.AT_WORK, 2: How.ON_DUTY, 3: How.ON_SHIFT, 4: How.NEXT, 5: How.HOLDER}


def duty_now(*, role: Role, organisation_id: int, now: datetime, language: str = ANY_LANGUAGE) -> OnDuty:
    """Always an answer: somebody who can be reached now comes before somebody who speaks the language."""
    values: dict[str, str | int | datetime] = {
        "organisation": organisation_id,
        "role": role,
        "now": now,
        "horizon": now - LONGEST,
        "language": language,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUTY_NOW, values)
        row = cursor.fetchone()
    if row is None:
        return OnDuty(None, How.NOBODY, speaks=False)
    return OnDuty(User.objects.get(pk=row[0]), _TIERS[row[1]], bool(row[2]), row[3], row[4])


@dataclass(frozen=True)
class Gap:
    """A span in which fewer are planned than needed."""

    role: str
    language: str
    missing: int
    starts_at: datetime
    ends_at: datetime


GAPS = """
with days as (
  select day::date as day from generate_series(%(first)s::date, %(last)s::date, interval '1 day') day
), asked as (
  select n.role, n.language, n.count,
         greatest((d.day + n.starts) at time zone %(zone)s, %(since)s) as lo,
         least((d.day + (n.ends <= n.starts)::int + n.ends) at time zone %(zone)s, %(until)s) as hi
    from staff_need n
    join days d on extract(isodow from d.day) = n.weekday
               and n.valid_from <= d.day and (n.valid_to is null or n.valid_to > d.day)
   where n.organisation_id = %(organisation)s
), spans as (
  select * from asked where lo < hi
), kinds as (
  select distinct role, language from spans
), planned as (
  select k.role, k.language, greatest(d.starts_at, %(since)s) as lo, least(d.ends_at, %(until)s) as hi
    from kinds k
    join staff_duty d on d.role = k.role and (k.language = '' or k.language = any (d.languages))
   where d.organisation_id = %(organisation)s and d.dropped_at is null
     and d.starts_at > %(horizon)s and d.starts_at < %(until)s and d.ends_at > %(since)s
), edges as (
  select role, language, at, sum(step) as step from (
    select role, language, lo as at, 1 as step from planned union all select role, language, hi, -1 from planned
    union all
    select role, language, lo, 0 from spans union all select role, language, hi, 0 from spans
  ) e group by role, language, at
), pieces as (
  select role, language, at as lo, lead(at) over kind as hi, sum(step) over kind as there
    from edges window kind as (partition by role, language order by at)
), short as (
  select p.role, p.language, p.lo, p.hi, max(s.count) - p.there as missing
    from pieces p
    join spans s on s.role = p.role and s.language = p.language and s.lo <= p.lo and s.hi >= p.hi
   group by p.role, p.language, p.lo, p.hi, p.there
  having max(s.count) > p.there
), marked as (
  select *, case when lag(hi) over kind = lo and lag(missing) over kind = missing then 0 else 1 end as begins
    from short window kind as (partition by role, language order by lo)
), islands as (
  select *, sum(begins) over (partition by role, language order by lo) as island from marked
)
select role, language, missing, min(lo), max(hi) from islands
 group by role, language, missing, island order by min(lo), role, language
"""


def gaps(*, organisation_id: int, since: datetime, until: datetime) -> list[Gap]:
    """Need minus planned within a span; a need for a language is met by who speaks it, one for any by everybody.

    Two needs of one role and language at once do not add up: the larger holds.
    """
    values: dict[str, str | int | date] = {
        "organisation": organisation_id,
        "since": since,
        "until": until,
        "zone": str(LOCAL),
        # A night duty is asked for on the day it begins.
        "first": local_day(since) - timedelta(days=1),
        "last": local_day(until),
        "horizon": since - LONGEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(GAPS, values)
        return [Gap(row[0], row[1], int(row[2]), row[3], row[4]) for row in cursor.fetchall()]
