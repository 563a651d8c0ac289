"""One robot call from its claim to its end."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.contacts.calls.actions import CallEnd, mark_answered
from medet.contacts.calls.claim import Claimed
from medet.contacts.models import Contact
from medet.contacts.states import AttemptOutcome
from medet.engines.telephony import CallRefused, Engine, EngineClosed, Leg, LegEnd, NumberNotAllowed
from medet.engines.telephony.pacing import Pace
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.end_call import end_call
from medet.flows.facts import known_facts, minutes_of
from medet.monitoring.models import Enrolment, Programme
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.phone.ledger import Ledger
from medet.phone.prompts import PromptError
from medet.phone.ring import LEASE, Outgoing, Ringing
from medet.phone.script import Patient, Talk, Voice, converse, prompts_of
from medet.records.states import Source

log = logging.getLogger("medet.phone")
KEPT_WITHIN_S = 2.0


@dataclass(frozen=True)
class Desk:
    """What every call needs: the engine, its pace, the ledger, the voices, how we ring."""

    engine: Engine
    pace: Pace
    ledger: Ledger
    voice: Callable[[str], Voice]
    outgoing: Outgoing


class RobotCall:
    """Rings one person and writes down what was said, key by key."""

    def __init__(self, desk: Desk, claimed: Claimed) -> None:
        self.desk, self.claimed = desk, claimed
        self.leg: Leg | None = None
        self.contact: Contact | None = None
        self.source: Told | None = None
        self.writing: set[asyncio.Future[None]] = set()
        self.invited = self.talking = self.hanging_up = False

    async def run(self) -> None:
        """Never raises: whatever happens, the attempt gets its end."""
        try:
            end = await self._ring()
        except PromptError as missing:
            _say_once(f"nobody is rung in this language: prompt {missing}")
            end = CallEnd(outcome=AttemptOutcome.NO_PROMPT, sip_reason=missing.key, ended_by="us")
        except CallRefused as refusal:
            end = CallEnd(outcome=_refused(refusal), sip_reason=refusal.code, ended_by="us")
        except Exception as error:
            # Also a commit that failed after the INVITE: the phone may ring, so the outcome is not known.
            log.error("attempt %s: %s", self.claimed.attempt_id, type(error).__name__)
            end = CallEnd(outcome=AttemptOutcome.UNKNOWN, sip_reason=type(error).__name__, ended_by="us")
            await self.hang_up()
        if end:
            await self._close(end)

    async def hang_up(self) -> None:
        """The case ended meanwhile, or the process is leaving; without a leg there is nothing to do yet."""
        if self.leg is not None and not self.hanging_up:
            self.hanging_up = True
            await self.leg.hangup()

    async def _ring(self) -> CallEnd | None:
        patient = await self.desk.ledger.post(self.claimed.attempt_id, self.patient)
        voice = await asyncio.to_thread(self._voice, patient)
        # Before the permit: whoever ends the case must not wait for the trunk's pace.
        await self.desk.pace.wait()
        leg = await self._invite()
        if leg is None:
            # Withdrawn since it was claimed: the case ended, the campaign was stopped, or the lease ran out.
            return CallEnd(outcome=AttemptOutcome.CANCELLED, sip_reason="withdrawn", ended_by="us")
        if not await leg.answered():
            return _call_end(await leg.finished(), Talk(outcome=""), answered=False)
        self.talking = True
        # The conversation starts at once; its row is written while the first words are spoken.
        contact = self.desk.ledger.post(self.claimed.attempt_id, self._answered)
        contact.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        talk = await converse(leg=leg, patient=patient, voice=voice, told=self._told, kept=self._kept)
        return _call_end(await leg.hangup(), talk, answered=True)

    def _voice(self, patient: Patient) -> Voice:
        """Reads the recordings in a thread; a missing one is found before anybody's phone rings."""
        voice = self.desk.voice(self.claimed.language)
        for key in prompts_of(patient.programme, patient.minutes):
            voice.pcm(key)
        return voice

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

    def patient(self) -> Patient:
        """All that the conversation is judged by, read before anybody's phone rings: the script asks no rows."""
        at, programme = now(), ProgrammeFile.model_validate(self.claimed.programme)
        enrolment = Enrolment.objects.select_related("case__person").get(pk=self.claimed.enrolment_id)
        return Patient(
            birth_year=self.claimed.birth_year or 0,
            programme=programme,
            minutes={rule.code: minutes_of(rule, now=at) for rule in programme.rules if rule.advice},
            known=known_facts(enrolment.case, programme, now=at),
        )

    def _answered(self) -> None:
        self.contact = mark_answered(attempt_id=self.claimed.attempt_id, lease=LEASE, by=ROBOT, now=now())

    def _told(self, key: str, value: str, heard_at: float) -> None:
        """A key was understood: its answer goes to the rows now, not at the end of the call."""
        at = _wall(heard_at)
        done = self.desk.ledger.post(self.claimed.attempt_id, lambda: self._keep(key, value, at))
        done.add_done_callback(_complain)
        self.writing.add(done)

    async def _kept(self) -> bool:
        """Whether every answer of this call stands in the rows, within the time a caller may wait in silence."""
        _, pending = await asyncio.wait(self.writing, timeout=KEPT_WITHIN_S)
        return not pending and all(done.exception() is None for done in self.writing)

    def _keep(self, key: str, value: str, at: datetime) -> None:
        answers_arrived(told=self._source(), given={key: value}, by=ROBOT, now=at)

    def _source(self) -> Told:
        """Read once a call: a danger key does not wait for what stays the same."""
        if self.source is None:
            contact = self.contact
            self.source = Told(
                enrolment=Enrolment.objects.select_related("case__person").get(pk=self.claimed.enrolment_id),
                programme=Programme.objects.get(pk=self.claimed.programme_id),
                source=Source.ROBOT,
                contact_uid=contact.uid if contact else None,
                due_contact=contact.due_contact if contact else None,
            )
        return self.source

    async def _close(self, end: CallEnd) -> None:
        await self.desk.ledger.post(
            self.claimed.attempt_id,
            lambda: end_call(attempt_id=self.claimed.attempt_id, end=end, by=ROBOT, now=now()),
        )


def _complain(done: "asyncio.Future[None]") -> None:
    if not done.cancelled() and (error := done.exception()):
        log.error("an answer was not kept: %s", type(error).__name__)


@lru_cache(maxsize=1000)
def _say_once(fault: str) -> None:
    """A fault that meets every call is one line, not one a call."""
    log.error(fault)


def _refused(refusal: CallRefused) -> AttemptOutcome:
    if isinstance(refusal, EngineClosed):
        return AttemptOutcome.CANCELLED
    return AttemptOutcome.NOT_ALLOWED if isinstance(refusal, NumberNotAllowed) else AttemptOutcome.NETWORK_FAILED


def _call_end(end: LegEnd, talk: Talk, *, answered: bool) -> CallEnd:
    outcome = AttemptOutcome.ANSWERED if answered else AttemptOutcome(end.outcome.value)
    if outcome == AttemptOutcome.NETWORK_FAILED and end.times.rang:
        # The network failed, but the phone had rung by then: for the person that was a call.
        outcome = AttemptOutcome.NO_ANSWER
    return CallEnd(
        outcome=outcome,
        contact_outcome=talk.outcome,
        sip_code=end.sip_code,
        sip_reason=end.reason,
        ended_by=end.ended_by.value,
        digits=talk.digits,
        prompts=talk.spoken,
        ended_at=_wall(end.times.ended) if end.times.ended else None,
    )


def _wall(monotonic: float) -> datetime:
    """The engine's monotonic time as the house's time."""
    return now() - timedelta(seconds=max(0.0, time.monotonic() - monotonic)) if monotonic else now()
