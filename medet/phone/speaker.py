"""One person of a line: what they are asked, and where their answers go."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from medet.base.actor import ROBOT
from medet.base.clock import now
from medet.contacts.calls.actions import CallEnd, join_call, mark_answered
from medet.contacts.calls.claim import Asked
from medet.contacts.models import Contact
from medet.contacts.states import AttemptOutcome
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.end_call import end_call
from medet.flows.facts import known_facts, minutes_of
from medet.monitoring.models import Enrolment, Programme
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.phone.ledger import Ledger
from medet.phone.listener import Patient, Talk, Voice
from medet.phone.ring import LEASE
from medet.phone.script import prompts_of
from medet.records.states import Source

log = logging.getLogger("medet.phone")
KEPT_WITHIN_S = 2.0


class Speaker:
    """A listener of the script whose words go to the rows, key by key. All jobs of a line keep one order: that of
    `carrier`, the attempt that rang."""

    def __init__(self, asked: Asked, *, ledger: Ledger, carrier: int, order_id: int | None = None) -> None:
        """`order_id`: whose order it is when the call rang for somebody else."""
        self.asked, self.ledger, self.carrier, self.order_id = asked, ledger, carrier, order_id
        self.attempt_id = carrier if order_id is None else None
        self.talk = Talk()
        self.contact: Contact | None = None
        self.source: Told | None = None
        self.writing: set[asyncio.Future[None]] = set()
        self.speaks = False
        self.voice: Voice

    def prepare(self) -> "Speaker":
        """All that the conversation is judged by, read before anybody's phone rings: the script asks no rows."""
        at, programme = now(), ProgrammeFile.model_validate(self.asked.programme)
        enrolment = Enrolment.objects.select_related("case__person").get(pk=self.asked.enrolment_id)
        self.patient = Patient(
            birth_year=self.asked.birth_year or 0,
            programme=programme,
            minutes={rule.code: minutes_of(rule, now=at) for rule in programme.rules if rule.advice},
            known=known_facts(enrolment.case, programme, now=at),
        )
        return self

    def find_voice(self, voices: Callable[[str], Voice], *, shared: bool) -> None:
        """Reads the recordings, outside the audio loop; a missing one is found before anybody's phone rings."""
        self.voice = voices(self.asked.language)
        for key in prompts_of(self.patient.programme, self.patient.minutes, shared=shared):
            self.voice.pcm(key)

    async def begin(self) -> bool:
        """Who was rung for has an attempt; for another person of the line one begins now, within the time a caller may
        wait in silence."""
        if self.order_id is not None:
            joining = self.ledger.post(self.carrier, self._join)
            await asyncio.wait({joining}, timeout=KEPT_WITHIN_S)
            if not joining.done():
                joining.add_done_callback(self._too_late)
                return False
            _complain(joining)
            self.attempt_id = None if joining.exception() else joining.result()
        self.speaks = self.attempt_id is not None
        return self.speaks

    def _too_late(self, joining: "asyncio.Future[int | None]") -> None:
        """The database came back after the goodbye: nobody speaks in this attempt, and the person is rung again."""
        if joining.cancelled() or joining.exception() or joining.result() is None:
            return
        self.attempt_id, self.talk.outcome = joining.result(), "hung_up"
        self.over()

    def over(self) -> None:
        """Ends this person's attempt at once: what is decided about them now concerns nobody else of the line."""
        self.speaks = False
        if self.attempt_id is not None:
            end = CallEnd(outcome=AttemptOutcome.ANSWERED, sip_code=200, ended_by="us", **said(self.talk))
            self.close(end).add_done_callback(_complain)

    def close(self, end: CallEnd) -> "asyncio.Future[None]":
        """The end of this person's attempt goes to the rows; a second end changes nothing."""
        attempt_id = self.attempt_id
        assert attempt_id is not None
        return self.ledger.post(self.carrier, lambda: end_call(attempt_id=attempt_id, end=end, by=ROBOT, now=now()))

    def _join(self) -> int | None:
        assert self.order_id is not None
        attempt_id = join_call(carrier_id=self.carrier, order_id=self.order_id, lease=LEASE, now=now())
        if attempt_id is not None:
            self.contact = mark_answered(attempt_id=attempt_id, lease=LEASE, by=ROBOT, now=now())
        return attempt_id

    def answered(self) -> None:
        """The conversation starts at once; its row is written while the first words are spoken."""
        done = self.ledger.post(self.carrier, self._answered)
        done.add_done_callback(lambda done: None if done.cancelled() else done.exception())

    def _answered(self) -> None:
        self.contact = mark_answered(attempt_id=self.carrier, lease=LEASE, by=ROBOT, now=now())

    def told(self, key: str, value: str, heard_at: float) -> None:
        """A key was understood: its answer goes to the rows now, not at the end of the call."""
        at = wall(heard_at)
        done = self.ledger.post(self.carrier, lambda: self._keep(key, value, at))
        done.add_done_callback(_complain)
        self.writing.add(done)

    async def kept(self) -> bool:
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
                enrolment=Enrolment.objects.select_related("case__person").get(pk=self.asked.enrolment_id),
                programme=Programme.objects.get(pk=self.asked.programme_id),
                source=Source.ROBOT,
                contact_uid=contact.uid if contact else None,
                due_contact=contact.due_contact if contact else None,
            )
        return self.source


def said(talk: Talk) -> dict[str, Any]:
    """What a conversation adds to the end of its attempt."""
    return {"contact_outcome": talk.outcome, "digits": talk.digits, "prompts": talk.spoken}


def _complain(done: "asyncio.Future[Any]") -> None:
    if not done.cancelled() and (error := done.exception()):
        log.error("a word of a call was not kept: %s", type(error).__name__)


def wall(monotonic: float) -> datetime:
    """The engine's monotonic time as the house's time."""
    return now() - timedelta(seconds=max(0.0, time.monotonic() - monotonic)) if monotonic else now()
