"""One robot call from its claim to its end."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.contacts.calls.actions import CallEnd
from medet.contacts.calls.claim import Claimed
from medet.contacts.calls.queries import Sharing
from medet.contacts.states import AttemptOutcome
from medet.engines.telephony import CallRefused, Engine, EngineClosed, Leg, LegEnd, NumberNotAllowed, TooLate
from medet.engines.telephony.pacing import Pace
from medet.flows.household_line import household_line, wrong_line
from medet.phone.ledger import AWAY, Ledger
from medet.phone.listener import Talk, Voice
from medet.phone.prompts import PromptError
from medet.phone.ring import Outgoing, Ringing
from medet.phone.script import converse
from medet.phone.speaker import Speaker, said, wall

log = logging.getLogger("medet.phone")


@dataclass(frozen=True)
class Desk:
    """What every call needs: the engine, its pace, the ledger, the voices, how we ring."""

    engine: Engine
    pace: Pace
    ledger: Ledger
    voice: Callable[[str], Voice]
    outgoing: Outgoing


class RobotCall:
    """Rings one line and speaks with those of it who are due."""

    def __init__(self, desk: Desk, claimed: Claimed) -> None:
        self.desk, self.claimed = desk, claimed
        self.household = [Speaker(claimed, ledger=desk.ledger, carrier=claimed.attempt_id)]
        self.leg: Leg | None = None
        self.invited = self.talking = self.hanging_up = False

    def attempts(self) -> list[int]:
        """All attempts of this call: the one that rang, and those of others who speak in it."""
        return [one.attempt_id for one in self.household if one.attempt_id is not None]

    def cut_by(self) -> list[int]:
        """The attempts whose end ends the call: of who speaks now, else the one that rings. Who has said all is at
        home with somebody who is still speaking."""
        speaking = [one.attempt_id for one in self.household if one.speaks and one.attempt_id is not None]
        return speaking or [self.claimed.attempt_id]

    async def run(self) -> None:
        """Never raises: whatever happens, the attempt gets its end."""
        try:
            end = await self._ring()
        except PromptError as missing:
            _say_once(f"nobody is rung in this language: prompt {missing}")
            end = CallEnd(outcome=AttemptOutcome.NO_PROMPT, sip_reason=missing.key, ended_by="us")
        except CallRefused as refusal:
            end = CallEnd(outcome=refused(refusal), sip_reason=refusal.code, ended_by="us")
        except Exception as error:
            # Also a commit that failed after the INVITE: the phone may ring, so the outcome is not known.
            log.error("attempt %s: %s", self.claimed.attempt_id, type(error).__name__)
            end = self._broken(type(error).__name__)
            await self.hang_up()
        if end:
            await self._close(end)

    async def hang_up(self) -> None:
        """The case ended meanwhile, or the process is leaving; without a leg there is nothing to do yet."""
        if self.leg is not None and not self.hanging_up:
            self.hanging_up = True
            await self.leg.hangup()

    async def _ring(self) -> CallEnd | None:
        if not await self.desk.ledger.post(self.claimed.attempt_id, self._gather):
            return CallEnd(outcome=AttemptOutcome.SAME_YEAR, ended_by="us")
        await asyncio.to_thread(self._find_voices)
        # Before the permit: whoever ends the case must not wait for the trunk's pace.
        await self.desk.pace.wait()
        leg = await self._invite()
        if leg is None:
            # Withdrawn since it was claimed: the case ended, the campaign was stopped, or the lease ran out.
            return CallEnd(outcome=AttemptOutcome.CANCELLED, sip_reason="withdrawn", ended_by="us")
        if not await leg.answered():
            return _call_end(await leg.finished(), Talk(outcome=""), answered=False)
        self.talking = True
        self.household[0].answered()
        await converse(leg=leg, household=self.household)
        return _call_end(await leg.hangup(), self.household[0].talk, answered=True)

    def _broken(self, fault: str) -> CallEnd:
        """A fault of ours: what was said to its end stays said."""
        talk = self.household[0].talk
        told = self.talking and bool(talk.outcome)
        outcome = AttemptOutcome.ANSWERED if told else AttemptOutcome.UNKNOWN
        return CallEnd(outcome=outcome, sip_reason=fault, ended_by="us", **said(talk) if told else {})

    def _gather(self) -> bool:
        """Who is asked on this line; False when a year of birth could not tell them apart."""
        line = household_line(asked=self.claimed, attempt_id=self.claimed.attempt_id, now=now())
        self.household = [self.household[0].prepare(), *filter(None, map(self._other, line.others))]
        return not line.alike

    def _other(self, asked: Sharing) -> Speaker | None:
        """Somebody else of the line; a fault of theirs does not cost the first one's call."""
        ledger, carrier = self.desk.ledger, self.claimed.attempt_id
        try:
            return Speaker(asked, ledger=ledger, carrier=carrier, order_id=asked.order_id).prepare()
        except AWAY:
            raise
        except Exception:
            log.exception("order %s cannot be asked on a shared line", asked.order_id)
            return None

    def _find_voices(self) -> None:
        """Whose recordings are missing is not asked; without those of the first nobody is rung."""
        first, *others = self.household
        first.find_voice(self.desk.voice, shared=bool(others))
        self.household = [first]
        for other in others:
            with suppress(PromptError):
                other.find_voice(self.desk.voice, shared=True)
                self.household.append(other)

    async def _invite(self) -> Leg | None:
        ringing = Ringing(
            engine=self.desk.engine,
            claimed=self.claimed,
            outgoing=self.desk.outgoing,
            loop=asyncio.get_running_loop(),
        )
        try:
            return await self.desk.ledger.post(self.claimed.attempt_id, ringing, patient=False)
        finally:
            self.leg, self.invited = ringing.leg, True

    async def _close(self, end: CallEnd) -> None:
        first, *others = self.household
        await first.close(end)
        for other in others:
            if other.attempt_id is not None:
                await other.close(replace(end, **said(other.talk)))
        if first.talk.outcome == "wrong_number" and others:
            orders = [other.order_id for other in others if other.order_id is not None]
            number = self.claimed.number
            await self.desk.ledger.post(
                first.carrier, lambda: wrong_line(order_ids=orders, number=number, by=ROBOT, now=now())
            )


@lru_cache(maxsize=1000)
def _say_once(fault: str) -> None:
    """A fault that meets every call is one line, not one a call."""
    log.error(fault)


def refused(refusal: CallRefused) -> AttemptOutcome:
    """Why no packet left, as an outcome."""
    if isinstance(refusal, EngineClosed | TooLate):
        return AttemptOutcome.CANCELLED
    return AttemptOutcome.NOT_ALLOWED if isinstance(refusal, NumberNotAllowed) else AttemptOutcome.NETWORK_FAILED


def _call_end(end: LegEnd, talk: Talk, *, answered: bool) -> CallEnd:
    outcome = AttemptOutcome.ANSWERED if answered else AttemptOutcome(end.outcome.value)
    if outcome == AttemptOutcome.NETWORK_FAILED and end.times.rang:
        # The network failed, but the phone had rung by then: for the person that was a call.
        outcome = AttemptOutcome.NO_ANSWER
    return CallEnd(
        outcome=outcome,
        sip_code=end.sip_code,
        sip_reason=end.reason,
        ended_by=end.ended_by.value,
        **said(talk),
        ended_at=wall(end.times.ended) if end.times.ended else None,
    )
