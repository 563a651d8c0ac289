"""Keys in order, each once."""

import asyncio
import time

from medet.engines.telephony.keypad import BOUNCE_S, KeyPad


def test_one_press_told_twice_is_one_key_and_two_presses_are_two() -> None:
    pad = KeyPad()
    assert pad.press("1", 10.0) is not None
    assert pad.press("1", 10.0 + BOUNCE_S / 2) is None
    assert pad.press("2", 10.0 + BOUNCE_S / 2) is not None
    assert pad.press("1", 10.3) is not None
    assert pad.press("1", 10.5) is not None


def test_a_key_before_its_question_is_not_its_answer() -> None:
    pad = KeyPad()
    pad.press("1", time.monotonic())
    pad.forget(deaf_s=0.2)
    assert pad.first is None
    assert pad.press("2", time.monotonic()) is None
    assert pad.press("3", time.monotonic() + 0.3) is not None


def test_taking_waits_and_gives_up() -> None:
    async def story() -> list[str]:
        pad = KeyPad()
        asyncio.get_running_loop().call_later(0.02, pad.press, "7", 1.0)
        first = await pad.take(1.0)
        nothing = await pad.take(0.02)
        asyncio.get_running_loop().call_later(0.02, pad.wake)
        woken = await pad.take(1.0)
        return [key.digit if key else "-" for key in (first, nothing, woken)]

    assert asyncio.run(story()) == ["7", "-", "-"]
