"""What the called phone hears is what we meant to say, word by word."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from medet.engines.telephony import LegEnd, PlayResult
from medet.phone import rendering
from medet.phone.prompts import Prompts
from tests.audio import correlation, sweep
from tests.engines.telephony.harness import HERE, PYTHON, Phone, Sipp
from tests.engines.telephony.recorder import Recorder, sources

CALLER = "+7727{:07d}"


async def speak(phone: Phone, trunk: str, caller: str, pcm: bytes) -> tuple[PlayResult, LegEnd]:
    """One call that says one thing."""
    leg = await phone.engine.originate(replace(phone.spec(trunk), caller_id=caller))
    assert await leg.answered()
    return await leg.play(pcm), await leg.hangup()


@dataclass
class Ear:
    """One peer with a socket of its own: the kernel keeps only some 250 packets for a late reader."""

    trunk: str
    callers: list[str]
    recorder: Recorder
    peer: Sipp


def ears(phone: Phone, callers: list[str]) -> list[Ear]:
    """The callers, dealt out over the crowds."""
    found = []
    for n, (trunk, port) in enumerate(phone.crowds.items()):
        mine = callers[n :: len(phone.crowds)]
        if mine:
            recorder = Recorder()
            peer = Sipp("listens", port, phone.folder, calls=len(mine), ear=str(recorder.port))
            found.append(Ear(trunk, mine, recorder, peer))
    return found


def heard(phone: Phone, said: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[tuple[PlayResult, LegEnd]]]:
    """Say each thing in a call of its own, all at once: what each phone heard, and how the calls went."""
    listening = ears(phone, list(said))

    async def speak_all() -> list[tuple[PlayResult, LegEnd]]:
        return await asyncio.gather(
            *(speak(phone, ear.trunk, caller, said[caller]) for ear in listening for caller in ear.callers)
        )

    ends = phone.run(speak_all(), 60)
    sounds: dict[str, bytes] = {}
    for ear in listening:
        ear.peer.verdict()
        ear.recorder.close()
        sounds |= {caller: ear.recorder.heard(source) for caller, source in sources(ear.peer.messages()).items()}
    return sounds, ends


def test_a_prompt_is_heard_whole(phone: Phone) -> None:
    prompt = sweep(2.0)
    sounds, [(result, end)] = heard(phone, {CALLER.format(0): prompt})
    assert correlation(sounds[CALLER.format(0)], prompt) > 0.98
    assert result.finished is True
    assert result.heard_s == pytest.approx(2.0)
    assert end.quality.starved_frames <= 1  # the last frame of a prompt may be half full


def test_another_sound_does_not_match(phone: Phone) -> None:
    sounds, _ = heard(phone, {CALLER.format(1): sweep(1.0)})
    noise = (np.random.default_rng(1).normal(size=8000) * 3000).astype("<i2").tobytes()
    assert correlation(sounds[CALLER.format(1)], noise) < 0.3


def test_the_called_phone_hears_every_shipped_prompt(phone: Phone) -> None:
    each = [(language, key) for key in rendering.texts() for language in rendering.LANGUAGES]
    said = {CALLER.format(n): Prompts().of(language).pcm(key) for n, (language, key) in enumerate(each)}
    sounds, _ = heard(phone, said)
    values = {name: correlation(sounds[caller], said[caller]) for name, caller in zip(each, said, strict=True)}
    assert {name: round(value, 2) for name, value in values.items() if value < 0.8} == {}


def test_a_key_silences_the_prompt_at_once(phone: Phone) -> None:
    ear, told = Recorder(), phone.folder / "silenced"
    trunk, port = next(iter(phone.crowds.items()))
    peer = Sipp(
        "listens_and_presses",
        port,
        phone.folder,
        ear=str(ear.port),
        python=PYTHON,
        sender=str(HERE / "rtp_keys.py"),
        keys="3",
        sent=str(told),
    )
    leg = phone.dial(trunk)

    async def talk() -> PlayResult:
        assert await leg.answered()
        result = await leg.play(sweep(8.0))
        await leg.hangup()
        return result

    result = phone.run(talk())
    peer.verdict()
    ear.close()
    assert result.key is not None
    assert result.heard_s < 2
    pressed = float(told.read_text().split()[0])
    # At best the frame before the key was the last one (frames come every 20 ms).
    assert -0.05 < ear.last_sound - pressed < 0.2
