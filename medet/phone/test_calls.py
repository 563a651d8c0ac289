"""Rings whoever tries the line out from the trunk's page: the same engine, trunk and recordings as every call."""

import asyncio
import logging
from dataclasses import dataclass

from medet.base.clock import now
from medet.contacts.line.actions import end_test_call, take_test_call, test_call_answered
from medet.contacts.line.models import TestCall
from medet.contacts.states import AttemptOutcome
from medet.engines.telephony import CallRefused, CallSpec, Leg, LegEnded, NumberNotAllowed
from medet.phone.call import Desk
from medet.phone.ledger import AWAY
from medet.phone.prompts import PromptError

log = logging.getLogger("medet.phone")
PAUSE_S = 0.7
KEY_WITHIN_S = 10.0
PROMPT, THANKS = "test_call", "goodbye_thanks"


@dataclass
class Came:
    """How a test call came out."""

    outcome: AttemptOutcome
    sip_code: int | None = None
    reason: str = ""
    key: str = ""


class TestCalls:
    """One at a time, until cancelled."""

    __test__ = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def run(self) -> None:
        """A database that is away is waited for."""
        while True:
            try:
                call = await self.desk.ledger.post("test call", lambda: take_test_call(now=now()), patient=False)
                if call is not None:
                    await self._ring(call)
            except AWAY:
                pass
            except Exception:
                log.exception("a test call failed")
            await asyncio.sleep(PAUSE_S)

    async def _ring(self, call: TestCall) -> None:
        try:
            came = await self._talk(call)
        except PromptError as missing:
            came = Came(AttemptOutcome.NO_PROMPT, reason=missing.key)
        except NumberNotAllowed as refusal:
            came = Came(AttemptOutcome.NOT_ALLOWED, reason=refusal.code)
        except CallRefused as refusal:
            came = Came(AttemptOutcome.NETWORK_FAILED, reason=refusal.code)
        await self.desk.ledger.post(
            "test call",
            lambda: end_test_call(
                call_id=call.pk,
                outcome=came.outcome,
                sip_code=came.sip_code,
                reason=came.reason,
                key=came.key,
                now=now(),
            ),
        )

    async def _talk(self, call: TestCall) -> Came:
        voice = self.desk.voice(call.language)
        words, thanks = await asyncio.to_thread(lambda: (voice.pcm(PROMPT), voice.pcm(THANKS)))
        await self.desk.pace.wait()
        leg = await self.desk.engine.originate(
            CallSpec(
                to=call.number,
                idempotency_key=f"test:{call.uid}",
                ring_timeout_s=self.desk.outgoing.ring_timeout_s,
                caller_id=self.desk.outgoing.caller_id or None,
                language=call.language,
            )
        )
        if not await leg.answered():
            end = await leg.finished()
            return Came(AttemptOutcome(end.outcome.value), end.sip_code, end.reason)
        await self.desk.ledger.post("test call", lambda: test_call_answered(call_id=call.pk, now=now()))
        key = await _asked(leg, words, thanks)
        end = await leg.hangup()
        return Came(AttemptOutcome.ANSWERED, end.sip_code, end.reason, key)


async def _asked(leg: Leg, words: bytes, thanks: bytes) -> str:
    """The prompt is heard and a key pressed: sound and keys go both ways."""
    key = ""
    try:
        digits = await leg.collect(1, timeout_s=KEY_WITHIN_S, prompt=words)
        key = digits.text[:1]
        await leg.play(thanks, barge_in=False)
    except LegEnded:
        pass
    return key
