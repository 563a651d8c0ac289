"""Spacing of attempts, turns, and the guard."""

import asyncio
import time

import pytest

from medet.engines.telephony import AlreadyDialled, NumberNotAllowed, Trunk
from medet.engines.telephony.guard import Memory, check_number
from medet.engines.telephony.pacing import Pace, Turn


def test_attempts_are_spaced_and_idle_time_is_not_saved_up() -> None:
    async def story() -> tuple[float, list[float]]:
        pace, start = Pace(50.0), time.monotonic()
        await asyncio.sleep(0.05)
        idle = time.monotonic() - start
        times = []
        for _ in range(4):
            await pace.wait()
            times.append(time.monotonic() - start)
        return idle, times

    idle, times = asyncio.run(story())
    # Each no earlier than its slot; how much later is the machine's affair.
    assert all(at >= idle + 0.02 * n - 0.002 for n, at in enumerate(times))


def test_turns_are_one_at_a_time_with_a_pause() -> None:
    async def story() -> list[float]:
        turn = Turn(0.02)
        entered: list[float] = []

        async def one() -> None:
            async with turn:
                entered.append(time.monotonic())

        await asyncio.gather(*(one() for _ in range(3)))
        return entered

    first, second, third = asyncio.run(story())
    assert second - first >= 0.018
    assert third - second >= 0.018


def test_numbers_outside_the_prefixes_are_refused() -> None:
    check_number("+77010000001", ("+7",))
    for number in ("+442071234567", "77010000001", "+7", "+7701000000x", ""):
        with pytest.raises(NumberNotAllowed):
            check_number(number, ("+7",))


def test_memory_refuses_a_key_twice_and_stays_small() -> None:
    memory = Memory(size=2)
    for key in ("a", "b", "c"):
        memory.claim(key)
    with pytest.raises(AlreadyDialled):
        memory.claim("c")
    memory.claim("a")
    with pytest.raises(ValueError, match="empty"):
        memory.claim("")


@pytest.mark.parametrize("wrong", [{"attempts_per_s": 21}, {"attempts_per_s": 0}, {"max_channels": 0}])
def test_a_trunk_refuses_what_the_network_would_punish(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Trunk("trunk.test:5060", "robot", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["", "sip:trunk.test", "trunk.test:", "a b:5060"])
def test_a_trunk_without_a_proper_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        Trunk(address, "robot")
