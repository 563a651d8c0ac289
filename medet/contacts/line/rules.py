"""What a trunk's data must look like, and which recording can be spoken on a telephone. Pure."""

import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from medet.base.refused import Refused
from medet.contacts.line.levels import RATE, Samples, active_level, from_pcm, prompt_sound, to_pcm

ADDRESS = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")
PREFIX = re.compile(r"\+[1-9]\d{0,13}")
RATES = range(8_000, 48_001)
LONGEST_S, SHORTEST_S = 60, 0.3
QUIETEST_DBFS = -45.0
# A recording that was cut off shows whole runs of samples at the end of the scale.
CLIPPED_AT, CLIPPED_SHARE = 0.998, 0.002


@dataclass(frozen=True)
class Spoken:
    """A recording made ready for the line."""

    wav: bytes
    seconds: float
    level_dbfs: float


def check_address(address: str) -> str:
    """`host:port`, or a Refused."""
    if not ADDRESS.fullmatch(address):
        raise Refused("trunk.address")
    return address


def check_prefixes(prefixes: Sequence[str]) -> list[str]:
    """At least one, each with its country code."""
    if not prefixes or not all(PREFIX.fullmatch(one) for one in prefixes):
        raise Refused("trunk.prefixes")
    return list(dict.fromkeys(prefixes))


def spoken(data: bytes) -> Spoken:
    """Any usual WAV at 8 kHz mono and at telephone level; or one sentence that says what is wrong."""
    samples, rate = _samples(data)
    if len(samples) > LONGEST_S * rate:
        raise Refused("recording.long", n=LONGEST_S)
    if not len(samples) or active_level(samples, rate) < QUIETEST_DBFS:
        raise Refused("recording.quiet")
    if float(np.mean(np.abs(samples) >= CLIPPED_AT)) > CLIPPED_SHARE:
        raise Refused("recording.clipped")
    sound = prompt_sound(samples, rate)
    if len(sound) < SHORTEST_S * RATE:
        raise Refused("recording.short")
    return Spoken(_wav(to_pcm(sound)), round(len(sound) / RATE, 2), round(active_level(sound), 1))


def _samples(data: bytes) -> tuple[Samples, int]:
    try:
        with wave.open(BytesIO(data)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            pcm = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError) as fault:
        raise Refused("recording.not_wav") from fault
    if width != 2 or channels not in (1, 2) or rate not in RATES:
        raise Refused("recording.shape")
    samples = from_pcm(pcm[: len(pcm) // (2 * channels) * 2 * channels])
    return (samples.reshape(-1, 2).mean(axis=1) if channels == 2 else samples), rate


def _wav(pcm: bytes) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue()
