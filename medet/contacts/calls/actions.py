"""The only writers of call orders and attempts, beside the claim."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.evidence import keep
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.calls.queries import own_phone
from medet.contacts.campaigns.models import Campaign
from medet.contacts.campaigns.queries import stop_stands
from medet.contacts.models.contact import Contact
from medet.contacts.states import (
    LIVE,
    AttemptOutcome,
    AttemptState,
    CampaignState,
    Channel,
    ContactOutcome,
    OrderState,
)
from medet.monitoring.states import DueKind

_ORDER = """
insert into contacts_callorder
  (uid, campaign_id, due_contact_id, enrolment_id, person_id, organisation_id, state, next_attempt_at, window_end)
select medet_uuid7(), %(campaign)s, d.id, d.enrolment_id, d.person_id, d.organisation_id, 'waiting',
       d.window_start, d.window_end
  from monitoring_duecontact d
 where d.organisation_id = %(organisation)s and d."on" = %(day)s and d.kind = %(kind)s and d.state = 'planned'
"""
# What is ordered already is not tried again by every turn of the planner's loop: each try would burn a number.
_NOT_YET = """
   and not exists (select 1 from contacts_callorder o where o.due_contact_id = d.id)
"""
# In order: all are looked for before the first is written, or each look would pass over those written so far.
_ORDER_ONCE = """
 order by d.id
on conflict (due_contact_id) do nothing
"""
_APART = " and d.id <> all(%(apart)s)"
_AMONG = " and d.enrolment_id in (select e.id from monitoring_enrolment e where e.case_id = any(%(cases)s))"


def order_calls(
    *,
    campaign: Campaign,
    kind: DueKind = DueKind.ROBOT,
    cases: Sequence[int] | None = None,
    apart_from: Collection[int] = (),
) -> int:
    """Makes a call order for each planned contact of this kind of the campaign's day; how many were new. `cases`: only
    of these; `apart_from`: contacts that are none of the robot's."""
    values: dict[str, Any] = {
        "campaign": campaign.pk, "organisation": campaign.organisation_id, "day": campaign.on, "kind": kind.value,
    }  # fmt: skip
    among = {} if cases is None else {"cases": list(cases)}
    apart = {"apart": list(apart_from)} if apart_from else {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ORDER}{_AMONG if among else _NOT_YET}{_APART if apart else ''}{_ORDER_ONCE}",
            {**values, **among, **apart},
        )
        return int(cursor.rowcount)


def permit(*, attempt_id: int, lease: timedelta, caller_id: str, trunk: str, now: datetime) -> bool:
    """The last word before an INVITE. The caller holds the transaction open until the packet has left, so the end
    of a case either finds the attempt claimed (and no phone rings) or commits after the ring began. A claim that was
    left lying (a machine that slept), an order that is settled, a stopped campaign or robot is not rung either."""
    # The order first, as everybody locks; and no join in the update: PostgreSQL looks again at the row it waited for,
    # but not at rows found through it, so an attempt that ended meanwhile would be rung.
    order = lock_order(attempt_id=attempt_id)
    if order.state != OrderState.WAITING or order.campaign.state != CampaignState.RUNNING:
        return False
    # Not locked: a stop must never wait for calls in the making. What it reads here holds for `ring.FRESH_S` only.
    if stop_stands(order.organisation_id):
        return False
    fresh = CallAttempt.objects.filter(pk=attempt_id, state=AttemptState.CLAIMED, lease_until__gt=now)
    rings = fresh.update(
        state=AttemptState.DIALLING, invited_at=now, lease_until=now + lease, caller_id=caller_id, trunk=trunk
    )
    if rings:
        journal.wake(kind="ring.began", object_uid=order.uid, organisation_id=order.organisation_id)
    return bool(rings)


@transaction.atomic
def mark_answered(*, attempt_id: int, lease: timedelta, by: Actor, now: datetime) -> Contact:
    """The phone was picked up: the conversation begins. Said twice, it changes nothing."""
    attempt = (
        CallAttempt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__enrolment", "person", "contact")
        .get(pk=attempt_id)
    )
    if attempt.contact:
        return attempt.contact
    contact = attempt.contact = Contact.objects.create(
        person_id=attempt.person_id,
        case_id=attempt.order.enrolment.case_id,
        organisation_id=attempt.organisation_id,
        due_contact_id=attempt.order.due_contact_id,
        channel=Channel.ROBOT,
        language=attempt.person.language,
        started_at=now,
    )
    attempt.answered_at = now
    # An attempt that was taken for lost keeps its end until a better word comes.
    if attempt.state == AttemptState.DIALLING:
        attempt.state, attempt.lease_until = AttemptState.ANSWERED, now + lease
    attempt.save(update_fields=["state", "answered_at", "contact", "lease_until"])
    journal.wake(kind="ring.answered", object_uid=attempt.order.uid, organisation_id=attempt.organisation_id)
    return contact


@transaction.atomic
def join_call(*, carrier_id: int, order_id: int, lease: timedelta, now: datetime) -> int | None:
    """Another person of the line speaks in the call that rang: their attempt begins answered, without an INVITE.

    None when they may not be asked any more: their case ended, or another call reaches them at this moment.
    """
    order = (
        CallOrder.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "person")
        .get(pk=order_id)
    )
    begun = order.attempts.filter(carried_by_id=carrier_id, state__in=LIVE).first()
    if begun:  # said twice: the first word's receipt was lost
        return begun.pk
    carrier = CallAttempt.objects.get(pk=carrier_id)
    stopped = order.state != OrderState.WAITING or order.campaign.state != CampaignState.RUNNING
    stopped = stopped or stop_stands(order.organisation_id)
    phone, busy = own_phone(order, carrier.number), CallAttempt.objects.filter(state__in=LIVE)
    if stopped or phone is None or busy.filter(person__root_id=order.person.root_id).exists():
        return None
    number = order.attempts.count() + 1
    attempt = CallAttempt.objects.create(
        order=order,
        person_id=order.person_id,
        organisation_id=order.organisation_id,
        phone=phone,
        number=carrier.number,
        carried_by=carrier,
        idempotency_key=f"{order.pk}:{number}",
        attempt_no=number,
        state=AttemptState.DIALLING,
        worker=carrier.worker,
        lease_until=now + lease,
        claimed_at=now,
        caller_id=carrier.caller_id,
        trunk=carrier.trunk,
    )
    return attempt.pk


@transaction.atomic
def renew_lease(*, attempt_ids: list[int], lease: timedelta, now: datetime) -> None:
    """Keeps live attempts of a living process. A row that somebody holds is being moved and needs no renewal now."""
    live = CallAttempt.objects.filter(pk__in=attempt_ids, state__in=LIVE)
    free = list(live.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    CallAttempt.objects.filter(pk__in=free).update(lease_until=now + lease)


@transaction.atomic
def lock_order(*, attempt_id: int) -> CallOrder:
    """The order of an attempt, held before the attempt itself (see monitoring.actions.lock_due)."""
    return CallOrder.objects.select_for_update(of=("self",), no_key=True).get(attempts=attempt_id)


@dataclass(frozen=True, kw_only=True)
class CallEnd:
    """How an attempt ended, as the engine and the script saw it."""

    outcome: AttemptOutcome
    contact_outcome: str = ""
    sip_code: int | None = None
    sip_reason: str = ""
    ended_by: str = ""
    digits: str = ""
    prompts: dict[str, str] = field(default_factory=dict)
    ended_at: datetime | None = None


@transaction.atomic
def close_attempt(*, attempt_id: int, end: CallEnd, by: Actor, now: datetime) -> CallAttempt | None:
    """Ends an attempt and its conversation, with evidence; None when it had ended already.

    An attempt closed as unknown (its process was thought lost) takes a better word that comes later.
    """
    attempt = (
        CallAttempt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__enrolment", "contact")
        .get(pk=attempt_id)
    )
    if attempt.state == AttemptState.ENDED and attempt.outcome != AttemptOutcome.UNKNOWN:
        return None
    if attempt.state == AttemptState.ENDED and end.outcome == AttemptOutcome.UNKNOWN:
        return None
    attempt.state, attempt.ended_at, attempt.outcome = AttemptState.ENDED, end.ended_at or now, end.outcome
    attempt.sip_code, attempt.sip_reason, attempt.ended_by = end.sip_code, end.sip_reason[:80], end.ended_by
    attempt.digits, attempt.prompts = end.digits[:40], end.prompts
    attempt.save()
    if attempt.contact:
        _end_contact(attempt.contact, end.contact_outcome or ContactOutcome.TECHNICAL, attempt.ended_at)
    keep(kind="call.ended", object_uid=attempt.uid, facts=_facts(attempt, end), by=by, now=now)
    journal.append(
        kind="call.ended",
        by=by,
        now=now,
        person_id=attempt.person_id,
        case_id=attempt.order.enrolment.case_id,
        object_uid=attempt.uid,
        organisation_id=attempt.organisation_id,
        code=end.contact_outcome or end.outcome,
        values={"outcome": end.outcome, "attempt": attempt.attempt_no, "sip": end.sip_code},
    )
    return attempt


def _end_contact(contact: Contact, outcome: str, at: datetime) -> None:
    contact.ended_at, contact.outcome = at, outcome
    contact.save(update_fields=["ended_at", "outcome"])


def _facts(attempt: CallAttempt, end: CallEnd) -> dict[str, object]:
    times = {
        name: moment.isoformat() if (moment := getattr(attempt, name)) else None
        for name in ("claimed_at", "invited_at", "answered_at", "ended_at")
    }
    return {
        **times,
        "outcome": str(end.outcome),
        "contact_outcome": str(end.contact_outcome),
        "sip_code": end.sip_code,
        "digits": end.digits,
        "prompts": end.prompts,
    }


@transaction.atomic
def retry_order(*, order: CallOrder, at: datetime) -> None:
    """Rings again later."""
    CallOrder.objects.filter(pk=order.pk, state=OrderState.WAITING).update(next_attempt_at=at)


@transaction.atomic
def end_order(*, order_id: int, to: OrderState) -> None:
    """The order is over: answered, given to a person, or stopped."""
    CallOrder.objects.filter(pk=order_id, state=OrderState.WAITING).update(state=to)


@transaction.atomic
def exhaust_orders(*, due_ids: Collection[int]) -> None:
    """Their contacts were given to a person."""
    waiting = CallOrder.objects.filter(due_contact__in=due_ids, state=OrderState.WAITING)
    waiting.update(state=OrderState.EXHAUSTED)


@transaction.atomic
def stop_calls(*, enrolment_ids: list[int], by: Actor, now: datetime) -> list[int]:
    """Ends every order of these enrolments; a claimed attempt never rings, a live one is asked to hang up."""
    CallOrder.objects.filter(enrolment_id__in=enrolment_ids, state=OrderState.WAITING).update(state=OrderState.STOPPED)
    attempts = CallAttempt.objects.select_for_update(of=("self",), no_key=True).filter(
        order__enrolment_id__in=enrolment_ids, state__in=LIVE
    )
    live = []
    for attempt in attempts.order_by("pk"):
        if attempt.state == AttemptState.CLAIMED:
            close_attempt(attempt_id=attempt.pk, end=CallEnd(outcome=AttemptOutcome.CANCELLED), by=by, now=now)
        else:
            live.append(attempt.pk)
    CallAttempt.objects.filter(pk__in=live).update(hang_up=True)
    return live
