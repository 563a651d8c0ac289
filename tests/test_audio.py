"""The judge of sound is judged first."""

import numpy as np

from tests.audio import correlation, sweep


def test_a_prompt_in_a_longer_noisy_recording_is_found() -> None:
    prompt = sweep(1.7)
    noise = (np.random.default_rng(1).normal(size=8000) * 200).astype("<i2").tobytes()
    assert correlation(noise + prompt + noise, prompt) > 0.99


def test_a_slip_of_a_jitter_buffer_does_not_matter_and_a_lost_half_does() -> None:
    prompt = sweep(2.0)
    slipped = prompt[:16_000] + prompt[16_640:]
    assert correlation(bytes(8000) + slipped, prompt) > 0.9
    assert correlation(bytes(8000) + prompt[:16_000] + bytes(16_000), prompt) < 0.7


def test_other_sound_and_no_sound_do_not_match() -> None:
    noise = (np.random.default_rng(1).normal(size=16_000) * 3000).astype("<i2").tobytes()
    assert correlation(noise, sweep(2.0)) < 0.3
    assert correlation(b"", sweep(2.0)) == 0.0
    assert correlation(bytes(32_000), sweep(2.0)) == 0.0
