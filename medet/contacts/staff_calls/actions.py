"""The only writers of calls to colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from medet.base import audit
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.base.states import NEW, check_move
from medet.contacts.staff_calls.models import StaffCall
from medet.contacts.staff_calls.states import OPEN, STAFF_CALL_LIFE, StaffCallKind, StaffCallState
from medet.contacts.states import AttemptOutcome
from medet.people.states import Language
from medet.places.models import Organisation
from medet.staff.states import Role

AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 20
# What the robot did not take up by then is not rung any more: somebody may sleep, or the request may be seen.
TAKEN_WITHIN = timedelta(seconds=60)
LONGEST = timedelta(minutes=3)


@transaction.atomic
def ask_test_call(
    *, number: str, language: Language, allowed_prefixes: Sequence[str], by: Actor, now: datetime
) -> StaffCall:
    """The robot is asked to ring somebody who waits for it; one at a time, and not for ever."""
    check_move(STAFF_CALL_LIFE, NEW, StaffCallState.ASKED, by.roles)
    if not number.startswith(tuple(allowed_prefixes)):
        raise Refused("test_call.prefix")
    tests = StaffCall.objects.filter(kind=StaffCallKind.TEST)
    for old in tests.select_for_update().filter(state__in=OPEN):
        limit = TAKEN_WITHIN if old.state == StaffCallState.ASKED else LONGEST
        if (old.rung_at or old.asked_at) > now - limit:
            raise Refused("test_call.busy")
        _end(old, StaffCallEnd(outcome=AttemptOutcome.UNKNOWN), now=now)
    if tests.filter(asked_by_id=by.user_id, asked_at__gt=now - AN_HOUR).count() >= MOST_AN_HOUR:
        raise Refused("test_call.too_many", n=MOST_AN_HOUR)
    call = StaffCall.objects.create(
        kind=StaffCallKind.TEST,
        organisation_id=by.where({Role.ADMINISTRATOR})[0],
        number=number,
        language=language,
        asked_by_id=by.user_id,
        asked_at=now,
    )
    audit.record(by=by, now=now, action="test_call.asked", object_uid=call.uid)
    return call


@transaction.atomic
def ask_duty_call(*, clinic: Organisation, by: Actor, now: datetime) -> None:
    """The robot is asked to ring the telephone on duty of a clinic; once, while it is to be rung."""
    check_move(STAFF_CALL_LIFE, NEW, StaffCallState.ASKED, by.roles_at(clinic.pk))
    call = StaffCall(
        kind=StaffCallKind.DUTY,
        organisation=clinic,
        number=clinic.duty_phone,
        language=clinic.duty_language,
        asked_at=now,
    )
    StaffCall.objects.bulk_create([call], ignore_conflicts=True)


@transaction.atomic
def take_staff_call(*, now: datetime) -> StaffCall | None:
    """The next one that is asked for, marked as ringing before the INVITE leaves."""
    waiting = StaffCall.objects.select_for_update(skip_locked=True, no_key=True).filter(state=StaffCallState.ASKED)
    for call in waiting.order_by("asked_at"):
        if call.asked_at > now - TAKEN_WITHIN:
            call.state, call.rung_at = StaffCallState.RINGING, now
            call.save(update_fields=["state", "rung_at"])
            return call
        _end(call, StaffCallEnd(outcome=AttemptOutcome.CANCELLED), now=now)
    return None


@transaction.atomic
def staff_call_answered(*, call_id: int, now: datetime) -> None:
    """Somebody took up the telephone."""
    StaffCall.objects.filter(pk=call_id, state=StaffCallState.RINGING).update(
        state=StaffCallState.ANSWERED, answered_at=now
    )


@dataclass(frozen=True, kw_only=True)
class StaffCallEnd:
    """How a call to a colleague came out."""

    outcome: AttemptOutcome
    sip_code: int | None = None
    reason: str = ""
    key: str = ""


@transaction.atomic
def close_staff_call(*, call_id: int, end: StaffCallEnd, now: datetime) -> StaffCall | None:
    """Its end; None when it had ended already. One that was taken for lost takes a better word that comes later."""
    call = StaffCall.objects.select_for_update(no_key=True).get(pk=call_id)
    lost = call.outcome == AttemptOutcome.UNKNOWN and end.outcome != AttemptOutcome.UNKNOWN
    if call.state == StaffCallState.ENDED and not lost:
        return None
    _end(call, end, now=now)
    return call


@transaction.atomic
def close_lost_staff_calls(*, now: datetime) -> None:
    """The phone process begins: what another one was ringing is over, and is not rung again."""
    under_way = StaffCall.objects.filter(state__in=(StaffCallState.RINGING, StaffCallState.ANSWERED))
    for call in under_way.select_for_update(no_key=True):
        _end(call, StaffCallEnd(outcome=AttemptOutcome.UNKNOWN), now=now)


def _end(call: StaffCall, end: StaffCallEnd, *, now: datetime) -> None:
    call.state, call.ended_at, call.outcome = StaffCallState.ENDED, now, end.outcome
    call.sip_code, call.sip_reason, call.key = end.sip_code, end.reason[:80], end.key
    call.save()
