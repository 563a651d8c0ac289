"""Sound by numbers."""

import numpy as np
import pytest

from medet.contacts.line import levels
from medet.contacts.line.levels import RATE


def tone(seconds: float, hz: float = 440.0, amplitude: float = 0.1, rate: int = RATE) -> levels.Samples:
    return np.asarray(amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate))


def quiet(seconds: float) -> levels.Samples:
    return np.zeros(int(seconds * RATE))


def test_pauses_do_not_count_in_the_level() -> None:
    spoken = tone(0.5)
    with_pause = np.concatenate((spoken, quiet(2.0), spoken))
    assert levels.active_level(with_pause) == pytest.approx(levels.active_level(spoken), abs=0.1)
    # A sine of amplitude 0.1 has an rms of 0.0707: -23.0 dBFS.
    assert levels.active_level(spoken) == pytest.approx(-23.0, abs=0.1)


def test_silence_has_no_level_and_is_trimmed_to_nothing() -> None:
    assert levels.active_level(quiet(1.0)) == float("-inf")
    assert len(levels.trim(quiet(1.0))) == 0


def test_trimming_leaves_a_small_margin() -> None:
    trimmed = levels.trim(np.concatenate((quiet(0.5), tone(1.0), quiet(0.7))))
    assert 1.0 <= len(trimmed) / RATE <= 1.1


def test_the_level_is_met_and_peaks_are_kept() -> None:
    assert levels.active_level(levels.at_level(tone(1.0))) == pytest.approx(-20.0, abs=0.01)
    spiky = tone(1.0, amplitude=0.01)
    spiky[4000] = 1.0
    assert np.abs(levels.at_level(spiky)).max() <= levels.PEAK_MOST + 1e-9


def test_a_fade_starts_and_ends_at_nothing() -> None:
    faded = levels.fade(np.ones(800))
    assert faded[0] == faded[-1] == 0.0
    assert faded[400] == 1.0


def test_only_the_telephone_band_is_kept() -> None:
    inside = levels.to_band(tone(1.0, 1_000, rate=22_050), 22_050)
    outside = levels.to_band(tone(1.0, 6_000, rate=22_050), 22_050)
    assert len(inside) == RATE
    assert levels.active_level(inside[1000:-1000]) == pytest.approx(-23.0, abs=0.3)
    assert levels.active_level(outside[1000:-1000]) < -60


def test_pcm_there_and_back() -> None:
    samples = tone(0.1)
    assert np.abs(levels.from_pcm(levels.to_pcm(samples)) - samples).max() < 1 / 32_000
