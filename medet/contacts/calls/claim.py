"""The claim: one SQL that itself refuses. No other path rings a phone.

It takes due orders of running campaigns and inserts their attempts before any INVITE. It passes over a person
or a line that has a live attempt, does not want robot calls, was rung within the gap, or had its calls of today; it
looks at the clock of the region for quiet hours; it holds the enrolment, so that the end of a case and a claim cannot
cross.
"""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction


@dataclass(frozen=True)
class Manners:
    """How often and when people may be rung."""

    daily_cap: int
    gap: timedelta
    quiet_start: time  # calls begin
    quiet_end: time  # calls end
    zone: str
    without_consent: bool = True  # whether somebody is rung who was never asked


@dataclass(frozen=True)
class Claimed:
    """One attempt to dial, with all the robot needs to speak."""

    attempt_id: int
    number: str
    language: str
    birth_year: int | None
    programme: dict[str, Any]
    programme_id: int
    enrolment_id: int


_CLAIM = """
with due as (
  select o.id as order_id, o.person_id, o.organisation_id, e.id as enrolment_id, ph.id as phone_id, ph.number,
         o.due_contact_id
    from contacts_callorder o
    join contacts_campaign c on c.id = o.campaign_id and c.state = 'running'
    join monitoring_enrolment e on e.id = o.enrolment_id and e.state = 'active'
    join people_person p on p.id = o.person_id
    join lateral (
      select ph.id, ph.number from people_phone ph join people_person own on own.id = ph.person_id
       where own.root_id = p.root_id and ph.state in ('unchecked', 'checked')
         -- "Do not call" is said of a line, whoever it is noted under; "bad" of the line of this human being.
         and not exists (
           select 1 from people_phone no join people_person whose on whose.id = no.person_id
            where no.number = ph.number
              and (no.state = 'do_not_call' or (no.state = 'bad' and whose.root_id = p.root_id))
         )
       order by ph.position, ph.id limit 1
    ) ph on true
    left join lateral (
      -- The last word of this human being, whichever record it was said under.
      select c.revoked_at is null as given from people_consent c join people_person said on said.id = c.person_id
       where said.root_id = p.root_id and c.kind = 'robot_calls'
       order by c.given_at desc, c.id desc limit 1
    ) consent on true
    cross join lateral (
      select count(*) filter (where a.state in ('claimed', 'dialling', 'answered')) as live,
             count(*) filter (where a.rang_at > %(since)s) as within_gap,
             count(*) filter (where a.rang_at >= %(midnight)s) as today
        from (
          -- Two look-ups by index, bounded in time: all attempts ever made are not read again every second.
          select a.id, a.state, case when a.outcome = 'unknown' then coalesce(a.invited_at, a.claimed_at)
                                     when a.outcome <> 'network_failed' then a.invited_at end as rang_at
            from contacts_callattempt a where a.number = ph.number and a.claimed_at > %(horizon)s
          union
          select a.id, a.state, case when a.outcome = 'unknown' then coalesce(a.invited_at, a.claimed_at)
                                     when a.outcome <> 'network_failed' then a.invited_at end
            from people_person same join contacts_callattempt a on a.person_id = same.id
           where same.root_id = p.root_id and a.claimed_at > %(horizon)s
        ) a
    ) h
   where o.state = 'waiting'
     and o.next_attempt_at <= %(now)s and o.window_end > %(now)s
     and (%(now)s at time zone %(zone)s)::time >= %(quiet_start)s::time
     and (%(now)s at time zone %(zone)s)::time < %(quiet_end)s::time
     and p.birth_date is not null
     and coalesce(consent.given, %(without_consent)s)
     and h.live = 0 and h.within_gap = 0 and h.today < %(cap)s
   order by o.next_attempt_at, o.id
   limit %(limit)s
   for update of o skip locked
   for share of e skip locked
), made as (
  insert into contacts_callattempt
    (uid, order_id, person_id, organisation_id, phone_id, number, idempotency_key, attempt_no, state, worker,
     lease_until, claimed_at, hang_up, outcome, sip_reason, ended_by, digits, prompts, caller_id, trunk)
  select medet_uuid7(), d.order_id, d.person_id, d.organisation_id, d.phone_id, d.number,
         d.order_id || ':' || n.no, n.no, 'claimed', %(worker)s, %(lease)s, %(now)s,
         false, '', '', '', '', '{}', '', ''
    from due d
    cross join lateral (
      select count(*) + 1 as no from contacts_callattempt a where a.order_id = d.order_id
    ) n
  on conflict do nothing
  returning id, order_id, number
)
select m.id, m.number, p.language, extract(year from p.birth_date)::int, pr.content, pr.id, d.enrolment_id
  from made m
  join due d on d.order_id = m.order_id
  join people_person p on p.id = d.person_id
  join monitoring_enrolment e on e.id = d.enrolment_id
  join lateral (
    select id, content from monitoring_programme where code = e.programme_code order by version desc limit 1
  ) pr on true
 order by m.id
"""


@transaction.atomic
def claim(*, limit: int, worker: str, manners: Manners, lease: timedelta, now: datetime) -> list[Claimed]:
    """Claims up to `limit` attempts; what it returns is committed before any packet leaves."""
    local = now.astimezone(ZoneInfo(manners.zone))
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "now": now,
                "zone": manners.zone,
                "quiet_start": manners.quiet_start.isoformat(),
                "quiet_end": manners.quiet_end.isoformat(),
                "since": now - manners.gap,
                "horizon": now - max(manners.gap, timedelta(days=1)),
                "midnight": local.replace(hour=0, minute=0, second=0, microsecond=0),
                "cap": manners.daily_cap,
                "without_consent": manners.without_consent,
                "limit": limit,
                "worker": worker,
                "lease": now + lease,
            },
        )
        rows = cursor.fetchall()
    return [
        Claimed(
            attempt_id=row[0],
            number=row[1],
            language=row[2],
            birth_year=row[3],
            programme=json.loads(row[4]) if isinstance(row[4], str) else row[4],
            programme_id=row[5],
            enrolment_id=row[6],
        )
        for row in rows
    ]
