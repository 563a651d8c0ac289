"""Making and measuring the sound of prompts: level of active speech, trimming, telephone band. Pure numbers.

Levels are dBFS: 20 log10(rms / 32768). The telephone network wants speech near -20 dBFS active level;
what is louder is clipped by it, what is quieter drowns in noise.
"""

import numpy as np
from numpy.typing import NDArray

RATE = 8_000
TARGET_DBFS = -20.0
TOLERANCE_DB = 3.0
FULL_SCALE = 32_768.0
FRAME_S = 0.02
# A frame this far below the loudest is a pause, not speech (a plain form of the gate of ITU-T P.56).
GATE_DB = 30.0
PEAK_MOST = 0.95
# The band of G.711 ends at 3.4 kHz.
BAND_HZ = 3_400.0
TAPS = 255
FADE_S = 0.008
# Left around the words, so that a gateway that opens late does not bite the first sound off.
MARGIN_S = 0.04

Samples = NDArray[np.float64]


def _powers(samples: Samples, rate: int) -> Samples:
    """Mean power of each whole frame."""
    size = int(rate * FRAME_S)
    whole = len(samples) // size * size
    if whole == 0:
        return np.array([float(np.mean(samples**2)) if len(samples) else 0.0])
    return np.asarray((samples[:whole].reshape(-1, size) ** 2).mean(axis=1))


def _active(samples: Samples, rate: int) -> NDArray[np.bool_]:
    """Which frames hold speech."""
    powers = _powers(samples, rate)
    loudest = float(powers.max())
    return np.asarray(powers > max(loudest * 10 ** (-GATE_DB / 10), 1e-12))


def active_level(samples: Samples, rate: int = RATE) -> float:
    """dBFS of the frames that hold speech; minus infinity for silence. Samples run from -1 to 1."""
    powers = _powers(samples, rate)[_active(samples, rate)]
    return float(10 * np.log10(powers.mean())) if powers.size else float("-inf")


def to_band(samples: Samples, rate: int) -> Samples:
    """At 8 kHz, with nothing above the telephone band."""
    t = np.arange(TAPS) - (TAPS - 1) / 2
    kernel = np.sinc(2 * BAND_HZ / rate * t) * np.hamming(TAPS)
    low = np.convolve(samples, kernel / kernel.sum(), mode="same")
    places = np.arange(int(len(low) * RATE / rate)) * (rate / RATE)
    return np.asarray(np.interp(places, np.arange(len(low)), low))


def trim(samples: Samples, rate: int = RATE) -> Samples:
    """Without the silence at both ends, but for a small margin."""
    speech = np.flatnonzero(_active(samples, rate))
    if speech.size == 0:
        return samples[:0]
    size, margin = int(rate * FRAME_S), int(rate * MARGIN_S)
    first, last = int(speech[0]) * size, (int(speech[-1]) + 1) * size
    return samples[max(0, first - margin) : last + margin]


def fade(samples: Samples, rate: int = RATE) -> Samples:
    """No click at either end."""
    size = min(int(rate * FADE_S), len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, size)
    out = samples.copy()
    out[:size] *= ramp
    out[len(out) - size :] *= ramp[::-1]
    return out


def at_level(samples: Samples, target_dbfs: float = TARGET_DBFS) -> Samples:
    """At the target level, or as near as the highest peak allows."""
    gain = 10 ** ((target_dbfs - active_level(samples)) / 20)
    peak = float(np.abs(samples).max()) * gain
    return samples * gain * min(1.0, PEAK_MOST / peak)


def prompt_sound(samples: Samples, rate: int) -> Samples:
    """Raw speech made into a prompt."""
    return fade(at_level(trim(to_band(samples, rate))))


def from_pcm(pcm: bytes) -> Samples:
    """16-bit PCM as numbers from -1 to 1."""
    return np.frombuffer(pcm, "<i2").astype(np.float64) / FULL_SCALE


def to_pcm(samples: Samples) -> bytes:
    """Numbers from -1 to 1 as 16-bit PCM."""
    return np.clip(np.round(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes()
