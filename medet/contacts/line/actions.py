"""The only writers of the trunk, its test calls and one's own recordings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from medet.base import audit, journal
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.base.secret import encrypt
from medet.base.states import NEW, check_move
from medet.contacts.line.models import OwnPrompt, TestCall, Trunk
from medet.contacts.line.rules import check_address, check_prefixes, spoken
from medet.contacts.line.states import OPEN, TEST_CALL_LIFE, TestCallState
from medet.contacts.states import AttemptOutcome
from medet.people.states import Language

MAIN = "main"
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 20
# What the robot did not take up by then is not rung any more: somebody may sleep.
TAKEN_WITHIN = timedelta(seconds=60)
LONGEST = timedelta(minutes=3)


@dataclass(frozen=True, kw_only=True)
class TrunkData:
    """What an administrator types; `password` None keeps the one that is there."""

    address: str
    user: str
    password: str | None
    register: bool
    caller_id: str
    allowed_prefixes: Sequence[str]
    max_channels: int
    attempts_per_s: float


@transaction.atomic
def put_trunk(*, data: TrunkData, by: Actor, now: datetime) -> Trunk:
    """The one trunk of the installation; the password goes in and never comes out to a page."""
    values = {
        "address": check_address(data.address),
        "user": data.user,
        "register": data.register,
        "caller_id": data.caller_id,
        "allowed_prefixes": check_prefixes(data.allowed_prefixes),
        "max_channels": data.max_channels,
        "attempts_per_s": data.attempts_per_s,
        "changed_by_id": by.user_id,
        "changed_at": now,
    }
    if data.password is not None:
        values["password_cipher"] = encrypt(data.password) if data.password else b""
    trunk = Trunk.objects.update_or_create(name=MAIN, defaults=values)[0]
    journal.append(kind="trunk.changed", by=by, now=now, object_uid=trunk.uid)
    audit.record(by=by, now=now, action="trunk.changed", object_uid=trunk.uid, address=data.address)
    return trunk


@transaction.atomic
def ask_test_call(
    *, number: str, language: Language, allowed_prefixes: Sequence[str], by: Actor, now: datetime
) -> TestCall:
    """The robot is asked to ring somebody who waits for it; one at a time, and not for ever."""
    check_move(TEST_CALL_LIFE, NEW, TestCallState.ASKED, by.roles)
    if not number.startswith(tuple(allowed_prefixes)):
        raise Refused("test_call.prefix")
    for old in TestCall.objects.select_for_update().filter(state__in=OPEN):
        limit = TAKEN_WITHIN if old.state == TestCallState.ASKED else LONGEST
        if (old.rung_at or old.asked_at) > now - limit:
            raise Refused("test_call.busy")
        _end(old, outcome=AttemptOutcome.UNKNOWN, now=now)
    if TestCall.objects.filter(asked_by_id=by.user_id, asked_at__gt=now - AN_HOUR).count() >= MOST_AN_HOUR:
        raise Refused("test_call.too_many", n=MOST_AN_HOUR)
    call = TestCall(number=number, language=language, asked_at=now)
    call.asked_by_id = by.user_id  # type: ignore[assignment]  # an administrator is a user
    call.save(force_insert=True)
    audit.record(by=by, now=now, action="test_call.asked", object_uid=call.uid)
    return call


@transaction.atomic
def take_test_call(*, now: datetime) -> TestCall | None:
    """The next one that is asked for, marked as ringing before the INVITE leaves."""
    waiting = TestCall.objects.select_for_update(skip_locked=True).filter(state=TestCallState.ASKED)
    for call in waiting.order_by("asked_at"):
        if call.asked_at > now - TAKEN_WITHIN:
            TestCall.objects.filter(pk=call.pk).update(state=TestCallState.RINGING, rung_at=now)
            return call
        _end(call, outcome=AttemptOutcome.CANCELLED, now=now)
    return None


@transaction.atomic
def test_call_answered(*, call_id: int, now: datetime) -> None:
    """Somebody took up the telephone."""
    TestCall.objects.filter(pk=call_id, state=TestCallState.RINGING).update(
        state=TestCallState.ANSWERED, answered_at=now
    )


@transaction.atomic
def end_test_call(
    *, call_id: int, outcome: AttemptOutcome, sip_code: int | None, reason: str, key: str, now: datetime
) -> None:
    """How it came out."""
    call = TestCall.objects.select_for_update().get(pk=call_id)
    if call.state != TestCallState.ENDED:
        _end(call, outcome=outcome, sip_code=sip_code, reason=reason, key=key, now=now)


@transaction.atomic
def close_lost_test_calls(*, now: datetime) -> None:
    """The phone process begins: what another one was ringing is over, and is not rung again."""
    for call in TestCall.objects.select_for_update().filter(state__in=(TestCallState.RINGING, TestCallState.ANSWERED)):
        _end(call, outcome=AttemptOutcome.UNKNOWN, now=now)


def _end(
    call: TestCall,
    *,
    outcome: AttemptOutcome,
    now: datetime,
    sip_code: int | None = None,
    reason: str = "",
    key: str = "",
) -> None:
    call.state, call.ended_at, call.outcome = TestCallState.ENDED, now, outcome
    call.sip_code, call.sip_reason, call.key = sip_code, reason[:80], key
    call.save()


@transaction.atomic
def put_prompt(*, key: str, language: Language, words: str, data: bytes, by: Actor, now: datetime) -> OwnPrompt:
    """A recording of one's own in place of the shipped one, brought to the level of the telephone network."""
    made = spoken(data)
    values = {
        "wav": made.wav,
        "sha256": hashlib.sha256(made.wav).digest(),
        "text_sha256": words_hash(words),
        "seconds": made.seconds,
        "level_dbfs": made.level_dbfs,
        "put_by_id": by.user_id,
        "put_at": now,
    }
    row = OwnPrompt.objects.update_or_create(key=key, language=language, defaults=values)[0]
    audit.record(by=by, now=now, action="prompt.put", prompt=key, language=str(language))
    return row


@transaction.atomic
def drop_prompt(*, key: str, language: Language, by: Actor, now: datetime) -> bool:
    """Back to the shipped recording; False when that is what is spoken already."""
    dropped, _ = OwnPrompt.objects.filter(key=key, language=language).delete()
    if dropped:
        audit.record(by=by, now=now, action="prompt.dropped", prompt=key, language=str(language))
    return bool(dropped)


def words_hash(words: str) -> bytes:
    """What ties a recording to its words."""
    return hashlib.sha256(words.strip().encode()).digest()
