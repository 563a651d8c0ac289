"""Short made recordings with every prompt's name: a whole call takes seconds, and the phones still know each by ear."""

import random
import wave
from pathlib import Path

import numpy as np

from medet.demo.phones.behaviours import ANOTHER, ANYBODY, YEAR
from medet.phone import rendering

RATE, STEP = 8_000, 320  # a step of loudness is 40 ms
QUESTION_S, OTHER_S = 1.2, 0.2
PAUSE_S = 0.6  # the robot leaves half a second between two recordings


def make(folder: Path) -> Path:
    """Writes all prompts in all languages below the folder; give it to the robot and to the phones."""
    for key in rendering.texts():
        asked = "/" in key or key in (YEAR, ANYBODY, ANOTHER, "test_call", "duty_new_visit")
        pcm = _sound(key, QUESTION_S if asked else OTHER_S)
        for language in rendering.LANGUAGES:
            path = folder / language / f"{key}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            with wave.open(str(path), "wb") as recording:
                recording.setparams((1, 2, RATE, 0, "NONE", ""))
                recording.writeframes(pcm)
    return folder


def _sound(key: str, seconds: float) -> bytes:
    """A tone whose loudness changes every 40 ms in a way of its own, and never pauses."""
    chance = random.Random(key)
    steps = round(seconds * RATE / STEP)
    levels = np.repeat([chance.choice((900.0, 3000.0, 9000.0)) for _ in range(steps)], STEP)
    tone = np.sin(2 * np.pi * 440 * np.arange(len(levels)) / RATE)
    return bytes((levels * tone).astype("<i2").tobytes())
