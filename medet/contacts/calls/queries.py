"""Attempts and orders as others read them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from medet.contacts.calls.claim import Asked, asked_of
from medet.contacts.calls.line import CONSENT, LINE, LIVING, PROGRAMME
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.calls.rules import came_out
from medet.contacts.campaigns.models import RobotStop
from medet.contacts.states import LIVE, AttemptState, StopState
from medet.people.models import Phone
from medet.people.states import DIALLABLE


def lost_attempts(now: datetime) -> QuerySet[CallAttempt]:
    """Live attempts whose process has not renewed its lease."""
    return CallAttempt.objects.filter(state__in=LIVE, lease_until__lte=now).order_by("lease_until")


def asked_to_hang_up(attempt_ids: list[int]) -> list[int]:
    """Those of these attempts that are to end: their case ended, or they still ring while the robot is stopped.

    Who talks already is heard to the end: what they say may be a danger sign.
    """
    stops = RobotStop.objects.filter(organisation=OuterRef("organisation"), state=StopState.STANDS)
    rings = Q(Exists(stops), state=AttemptState.DIALLING, carried_by__isnull=True)
    asked = CallAttempt.objects.filter(Q(hang_up=True) | rings, pk__in=attempt_ids, state__in=LIVE)
    return list(asked.values_list("pk", flat=True))


def due_of(attempt_id: int) -> int:
    """The due contact that an attempt is made for."""
    return int(CallOrder.objects.values_list("due_contact_id", flat=True).get(attempts=attempt_id))


def attempts_today(order: CallOrder) -> int:
    """How many attempts of an order count against its cap."""
    return order.attempts.exclude(outcome="network_failed").filter(invited_at__isnull=False).count()


def attempts_alike(order: CallOrder, word: str) -> int:
    """How many attempts of an order came out with this word (see `rules.came_out`)."""
    said = order.attempts.values_list("outcome", "contact__outcome")
    return sum(came_out(outcome, contact or "") == word for outcome, contact in said)


@dataclass(frozen=True, kw_only=True)
class Sharing(Asked):
    """Somebody else who is due on the line of an attempt, and may be asked in the same call."""

    order_id: int


def own_phone(order: CallOrder, number: str) -> Phone | None:
    """The line as it is noted under the person of the order, if it may be rung."""
    phones = Phone.objects.filter(person__root_id=order.person.root_id, number=number, state__in=DIALLABLE)
    return phones.order_by("position", "pk").first()


_SHARING = f"""
  select distinct on (p.root_id) o.id, p.language, extract(year from p.birth_date)::int, pr.content, pr.id, e.id
    from contacts_callattempt a
    join people_person rung on rung.id = a.person_id
    join people_phone line on line.number = a.number
    join people_person own on own.id = line.person_id and own.root_id <> rung.root_id
    join people_person p on p.root_id = own.root_id
    join contacts_callorder o on o.person_id = p.id and o.state = 'waiting' and o.window_end > %(now)s
    join monitoring_duecontact due on due.id = o.due_contact_id and due.window_start <= %(now)s
    join contacts_campaign c on c.id = o.campaign_id and c.state = 'running'
    join monitoring_enrolment e on e.id = o.enrolment_id and e.state = 'active'
{LINE}{CONSENT}{PROGRAMME}
   where a.id = %(attempt)s and ph.number = a.number and p.birth_date is not null
     and coalesce(consent.given, %(without_consent)s)
{LIVING}   order by p.root_id, o.id
   limit %(most)s
"""  # noqa: S608 -- parts of our own


def sharing(*, attempt_id: int, without_consent: bool, most: int, now: datetime) -> list[Sharing]:
    """Everybody else, up to `most`, who is due now and whose first line it is; one call serves them all."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, {"attempt": attempt_id, "now": now, "without_consent": without_consent, "most": most})
        rows = cursor.fetchall()
    return [Sharing(order_id=row[0], **asked_of(row[1:])) for row in rows]
