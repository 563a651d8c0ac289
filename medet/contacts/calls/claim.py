"""The claim: one SQL that itself refuses. No other path rings a phone.

It takes due orders of running campaigns and inserts their attempts before any INVITE. While an organisation's stop
stands it takes none of its orders, and of each campaign no more than its share of the lines. It passes over a person or
a line that has a live attempt, does not want robot calls, was rung within the gap, or had its calls of today; it
looks at the clock of the region for quiet hours; it holds the enrolment, so that the end of a case and a claim cannot
cross.
"""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from medet.contacts.calls.line import CONSENT, LINE, LIVING, PROGRAMME


@dataclass(frozen=True)
class Manners:
    """How often and when people may be rung."""

    daily_cap: int
    gap: timedelta
    quiet_start: time  # calls begin
    quiet_end: time  # calls end
    zone: str
    without_consent: bool = True  # whether somebody is rung who was never asked
    lines: int = 1_000  # how many the trunk has; a campaign may use its share of them


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody who may be asked on the line, with all the robot needs to speak."""

    language: str
    birth_year: int | None
    programme: dict[str, Any]
    programme_id: int
    enrolment_id: int


@dataclass(frozen=True, kw_only=True)
class Claimed(Asked):
    """One attempt to dial."""

    attempt_id: int
    number: str


_CLAIM = f"""
with rings as materialized (
  -- Two processes that claim at the same moment may together take a few lines more than the share.
  select c.id, c.priority, %(now)s - make_interval(mins => greatest(%(gap)s, c.gap_minutes)) as since,
         greatest(1, %(lines)s * c.lines_percent / 100)
           - (select count(*) from contacts_callattempt a join contacts_callorder own on own.id = a.order_id
               where own.campaign_id = c.id and a.state in ('claimed', 'dialling', 'answered')) as room
    from contacts_campaign c
   where c.state = 'running'
     and not exists (
       select 1 from contacts_robotstop s where s.organisation_id = c.organisation_id and s.state = 'stands')
     and (%(now)s at time zone %(zone)s)::time >= greatest(%(quiet_start)s::time, c.hours_start)
     and (%(now)s at time zone %(zone)s)::time < least(%(quiet_end)s::time, c.hours_end)
), due as (
 select due.* from rings c cross join lateral (
  select o.id as order_id, o.person_id, o.organisation_id, e.id as enrolment_id, ph.id as phone_id, ph.number,
         o.due_contact_id, o.next_attempt_at
    from contacts_callorder o
    join monitoring_enrolment e on e.id = o.enrolment_id and e.state = 'active'
    join people_person p on p.id = o.person_id
{LINE}{CONSENT}    cross join lateral (
      select count(*) filter (where a.state in ('claimed', 'dialling', 'answered')) as live,
             count(*) filter (where a.rang_at > c.since) as within_gap,
             count(*) filter (where a.rang_at >= %(midnight)s) as today
        from (
          -- Two look-ups by index, bounded in time: all attempts ever made are not read again every second.
          select a.id, a.state, case when a.carried_by_id is not null then null
                                     when a.outcome = 'unknown' then coalesce(a.invited_at, a.claimed_at)
                                     when a.outcome <> 'network_failed' then a.invited_at end as rang_at
            from contacts_callattempt a where a.number = ph.number and a.claimed_at > %(horizon)s
          union
          select a.id, a.state, case when a.carried_by_id is not null then null
                                     when a.outcome = 'unknown' then coalesce(a.invited_at, a.claimed_at)
                                     when a.outcome <> 'network_failed' then a.invited_at end
            from people_person same join contacts_callattempt a on a.person_id = same.id
           where same.root_id = p.root_id and a.claimed_at > %(horizon)s
        ) a
    ) h
   where o.campaign_id = c.id and o.state = 'waiting'
     and o.next_attempt_at <= %(now)s and o.window_end > %(now)s
     and p.birth_date is not null
     and coalesce(consent.given, %(without_consent)s)
{LIVING}     and h.live = 0 and h.within_gap = 0 and h.today < %(cap)s
   order by o.next_attempt_at, o.id
   limit least(c.room, %(limit)s)
   for update of o skip locked
   for share of e skip locked
 ) due
 where c.room > 0
 order by c.priority, due.next_attempt_at, due.order_id
 limit %(limit)s
), made as (
  insert into contacts_callattempt
    (uid, order_id, person_id, organisation_id, phone_id, number, idempotency_key, attempt_no, state, worker,
     lease_until, claimed_at, hang_up, outcome, sip_reason, ended_by, digits, prompts, caller_id, trunk)
  select medet_uuid7(), d.order_id, d.person_id, d.organisation_id, d.phone_id, d.number,
         d.order_id || ':' || n.no, n.no, 'claimed', %(worker)s, %(lease)s, %(now)s,
         false, '', '', '', '', '{{}}', '', ''
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
{PROGRAMME} order by m.id
"""  # noqa: S608 -- parts of our own


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
                "gap": int(manners.gap.total_seconds() // 60),
                "lines": manners.lines,
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
    return [Claimed(attempt_id=row[0], number=row[1], **asked_of(row[2:])) for row in rows]


def asked_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """The columns `language, year, content, programme, enrolment` of a row as fields of Asked."""
    return {
        "language": row[0],
        "birth_year": row[1],
        "programme": json.loads(row[2]) if isinstance(row[2], str) else row[2],
        "programme_id": row[3],
        "enrolment_id": row[4],
    }
