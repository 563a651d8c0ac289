"""Judging sound: does a recording hold a prompt?"""

import numpy as np
from numpy.typing import NDArray

RATE = 8_000
WINDOW = RATE // 2
SLACK = int(0.3 * RATE)


def samples(pcm: bytes) -> NDArray[np.float64]:
    """16-bit PCM as floats."""
    return np.frombuffer(pcm, "<i2").astype(np.float64)


def correlation(recording: bytes, prompt: bytes) -> float:
    """How much of the prompt stands in the recording, 0 to 1: normalised cross-correlation.

    Counted in windows of half a second, each sought within 0.3 s of where the one before it ended, and
    weighted by energy: a phone's jitter buffer may leave out 20 ms in the middle, a listener hears no difference.
    """
    heard, said = samples(recording), samples(prompt)
    place = _best(heard, said)[1]
    total = weight = 0.0
    for start in range(0, len(said), WINDOW):
        window = said[start : start + WINDOW]
        energy = float((window**2).sum())
        if energy == 0.0:
            continue
        low = max(0, place + start - SLACK)
        value, found = _best(heard[low : place + start + len(window) + SLACK], window)
        place = low + found - start if value > 0.5 else place
        total += value * energy
        weight += energy
    return total / weight if weight else 0.0


def _best(heard: NDArray[np.float64], said: NDArray[np.float64]) -> tuple[float, int]:
    """The highest normalised correlation and its place."""
    if len(heard) < len(said):
        heard = np.pad(heard, (0, len(said) - len(heard)))
    size = 1 << (len(heard) + len(said) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    product = product[: len(heard) - len(said) + 1]
    power = np.concatenate(([0.0], np.cumsum(heard**2)))
    energy = power[len(said) :] - power[: len(power) - len(said)]
    scale = np.sqrt(np.maximum(energy, 1.0)) * np.sqrt(max(float((said**2).sum()), 1.0))
    place = int(np.argmax(np.abs(product) / scale))
    return float(abs(product[place]) / scale[place]), place


def sweep(seconds: float, low_hz: float = 300.0, high_hz: float = 3000.0, level: float = 6000.0) -> bytes:
    """A tone that rises through the telephone band: it correlates with itself at one place only."""
    t = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * (low_hz * t + (high_hz - low_hz) * t**2 / (2 * seconds))
    return (level * np.sin(phase)).astype("<i2").tobytes()
