"""The same contract against a second stack of our own kind: what SIPp is too slow or too deaf for."""

import pytest

from medet.engines.telephony import LegEventKind
from tests.engines.telephony.harness import Patient, Phone


@pytest.mark.parametrize("time", range(5))
def test_an_instant_answer_is_not_lost(phone: Phone, patient: Patient, time: int) -> None:
    """The stack's dial() drops an answer of its own loop pass: the call would ring out while the patient speaks."""
    leg = phone.dial_deaf("patient", ring_timeout_s=8)
    assert phone.run(leg.answered(), 10) is True
    end = phone.run(leg.hangup())
    assert end.times.answered is not None
    patient.recording()


def test_events_tell_the_whole_life(phone: Phone, patient: Patient) -> None:
    leg = phone.dial("patient")
    phone.run(leg.answered())
    phone.run(leg.hangup())

    async def life() -> list[LegEventKind]:
        return [event.kind async for event in leg.events()]

    kinds = phone.run(life())
    assert kinds[-2:] == [LegEventKind.ANSWERED, LegEventKind.ENDED]
    patient.recording()
