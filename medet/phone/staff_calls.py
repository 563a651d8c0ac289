"""Rings colleagues: who tries the line out from the trunk's page, and the telephones on duty of clinics. The same
engine, trunk, pace and recordings as every call."""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass

from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.contacts.staff_calls.actions import StaffCallEnd, staff_call_answered, take_staff_call
from medet.contacts.staff_calls.models import StaffCall
from medet.contacts.staff_calls.states import StaffCallKind
from medet.contacts.states import AttemptOutcome
from medet.engines.telephony import CallSpec, Leg, LegEnded
from medet.engines.telephony.refusals import CallRefused
from medet.flows.ring_duty import HEARD_KEY, end_staff_call, still_wanted
from medet.phone.call import Desk, refused
from medet.phone.ledger import AWAY
from medet.phone.prompts import PromptError
from medet.phone.ring import FRESH_S

log = logging.getLogger("medet.phone")
PAUSE_S = 0.7
LOOK_EVERY_S = 0.4
KEY_WITHIN_S = 10.0
MOST = 5  # at once: patients have the lines


@dataclass(frozen=True)
class Words:
    """What is said, how often, which keys count (empty: any), and what follows a key."""

    prompt: str
    thanks: str
    times: int = 1
    keys: str = ""


WORDS = {
    StaffCallKind.TEST: Words("test_call", "goodbye_thanks"),
    StaffCallKind.DUTY: Words("duty_new_visit", "duty_thanks", times=2, keys=HEARD_KEY),
}


class StaffCalls:
    """Takes what is asked for, until cancelled; a few calls at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.live: dict[asyncio.Task[None], StaffRing] = {}
        self.leaving = False

    async def run(self) -> None:
        """A database that is away is waited for."""
        while True:
            try:
                while await self._step():
                    pass
            except AWAY:
                pass
            except Exception:
                log.exception("taking calls to colleagues failed")
            await asyncio.sleep(PAUSE_S)

    async def _step(self) -> bool:
        if self.leaving or min(MOST - len(self.live), self.desk.engine.capacity().free) <= 0:
            return False
        call = await self.desk.ledger.post("staff calls", lambda: take_staff_call(now=now()), patient=False)
        if call is not None:
            ring = StaffRing(self.desk, call)
            task = asyncio.create_task(ring.run())
            self.live[task] = ring
            task.add_done_callback(self.live.pop)
        return call is not None

    async def leave(self) -> None:
        """What still rings is taken back, so that nobody picks up a call that is about to be cut."""
        self.leaving = True
        for ring in list(self.live.values()):
            if not ring.talking:
                await ring.hang_up()

    async def finish(self, timeout_s: float) -> None:
        """Hangs up what is still under way and waits, not for ever, until each call has its end."""
        self.leaving = True
        tasks = dict(self.live)
        for ring in tasks.values():
            await ring.hang_up()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()


class StaffRing:
    """One call to a colleague."""

    def __init__(self, desk: Desk, call: StaffCall) -> None:
        self.desk, self.call, self.words = desk, call, WORDS[StaffCallKind(call.kind)]
        self.leg: Leg | None = None
        self.invited = self.talking = False

    async def run(self) -> None:
        """Never raises: whatever happens, the call gets its end."""
        try:
            end = await self._talk()
        except PromptError as missing:
            end = StaffCallEnd(outcome=AttemptOutcome.NO_PROMPT, reason=missing.key)
        except CallRefused as refusal:
            end = StaffCallEnd(outcome=refused(refusal), reason=refusal.code)
        except Exception as fault:
            log.exception("a call to a colleague failed")
            # Once the INVITE was ordered the telephone may ring, so the outcome is not known.
            outcome = AttemptOutcome.UNKNOWN if self.invited else AttemptOutcome.CANCELLED
            end = StaffCallEnd(outcome=outcome, reason=type(fault).__name__)
            await self.hang_up()
        call_id = self.call.pk
        await self.desk.ledger.post(self._key, lambda: end_staff_call(call_id=call_id, end=end, by=ROBOT, now=now()))

    async def hang_up(self) -> None:
        """Harmless without a leg, and when it has ended."""
        if self.leg is not None:
            await self.leg.hangup()

    @property
    def _key(self) -> str:
        return f"staff:{self.call.pk}"

    async def _talk(self) -> StaffCallEnd:
        voice, words = self.desk.voice(self.call.language), self.words
        said, thanks = await asyncio.to_thread(lambda: (voice.pcm(words.prompt), voice.pcm(words.thanks)))
        await self.desk.pace.wait()
        # As with every call of the robot: what the last look said is good for a second (decision 0007).
        until = time.monotonic() + FRESH_S
        if not await self._wanted():
            return StaffCallEnd(outcome=AttemptOutcome.CANCELLED, reason="withdrawn")
        self.invited = True
        self.leg = leg = await self.desk.engine.originate(self._spec(until))
        if not await self._answered(leg):
            end = await leg.finished()
            return StaffCallEnd(outcome=AttemptOutcome(end.outcome.value), sip_code=end.sip_code, reason=end.reason)
        self.talking = True
        await self.desk.ledger.post(self._key, lambda: staff_call_answered(call_id=self.call.pk, now=now()))
        key = await asked(leg, words, said, thanks)
        end = await leg.hangup()
        return StaffCallEnd(outcome=AttemptOutcome.ANSWERED, sip_code=end.sip_code, reason=end.reason, key=key)

    def _spec(self, until: float) -> CallSpec:
        return CallSpec(
            to=self.call.number,
            idempotency_key=f"staff:{self.call.uid}",
            ring_timeout_s=self.desk.outgoing.ring_timeout_s,
            caller_id=self.desk.outgoing.caller_id or None,
            language=self.call.language,
            until=until,
        )

    async def _wanted(self) -> bool:
        call_id = self.call.pk
        return await self.desk.ledger.post(self._key, lambda: still_wanted(call_id=call_id, now=now()), patient=False)

    async def _answered(self, leg: Leg) -> bool:
        """While it rings it is taken back as soon as nobody needs it."""
        answered = asyncio.ensure_future(leg.answered())
        while not answered.done():
            await asyncio.wait({answered}, timeout=LOOK_EVERY_S)
            if not answered.done() and not await self._wanted_or_unknown():
                await leg.hangup()
        return answered.result()

    async def _wanted_or_unknown(self) -> bool:
        try:
            return await self._wanted()
        except AWAY:
            return True


async def asked(leg: Leg, words: Words, said: bytes, thanks: bytes) -> str:
    """The prompt is heard and a key pressed: sound and keys go both ways."""
    key = ""
    with suppress(LegEnded):
        for _time in range(words.times):
            digits = await leg.collect(1, timeout_s=KEY_WITHIN_S, prompt=said)
            if digits.text and digits.text[0] in (words.keys or digits.text):
                key = digits.text[0]
                await leg.play(thanks, barge_in=False)
                break
    return key
