"""The same contract against a second stack of our own kind: what SIPp is too slow or too deaf for."""

import numpy as np
import pytest

from medet.engines.telephony import LegEventKind
from tests.audio import correlation, sweep
from tests.engines.telephony.harness import Patient, Phone


@pytest.mark.parametrize("time", range(5))
def test_an_instant_answer_is_not_lost(phone: Phone, patient: Patient, time: int) -> None:
    """The stack's dial() drops an answer of its own loop pass: the call would ring out while the patient speaks."""
    leg = phone.dial_deaf("patient", ring_timeout_s=3)
    assert phone.run(leg.answered(), 2) is True
    end = phone.run(leg.hangup())
    assert end.times.answered is not None
    patient.recording()


def test_the_called_phone_hears_the_prompt(phone: Phone, patient: Patient) -> None:
    prompt = sweep(2.0)
    leg = phone.dial("patient")
    assert phone.run(leg.answered()) is True
    result = phone.run(leg.play(prompt))
    assert result.finished is True
    assert result.heard_s == pytest.approx(2.0)
    end = phone.run(leg.hangup())
    assert correlation(patient.recording(), prompt) >= 0.8
    assert end.quality.starved_frames <= 1  # the last frame of a prompt may be half full


def test_another_prompt_does_not_correlate(phone: Phone, patient: Patient) -> None:
    leg = phone.dial("patient")
    assert phone.run(leg.answered()) is True
    phone.run(leg.play(sweep(1.0)))
    phone.run(leg.hangup())
    noise = (np.random.default_rng(1).normal(size=8000) * 3000).astype("<i2").tobytes()
    assert correlation(patient.recording(), noise) < 0.3


def test_events_tell_the_whole_life(phone: Phone, patient: Patient) -> None:
    leg = phone.dial("patient")
    phone.run(leg.answered())
    phone.run(leg.hangup())

    async def life() -> list[LegEventKind]:
        return [event.kind async for event in leg.events()]

    kinds = phone.run(life())
    assert kinds[-2:] == [LegEventKind.ANSWERED, LegEventKind.ENDED]
    patient.recording()
