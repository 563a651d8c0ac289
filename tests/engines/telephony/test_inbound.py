"""Calls that come in, and the limit of channels. SIPp is the caller."""

import asyncio

import pytest

from medet.engines.telephony import Leg, LegEnd, NoChannel, Outcome
from tests.engines.telephony.harness import Patient, Phone


def test_an_inbound_call_is_taken_heard_and_ended(phone: Phone) -> None:
    ended: list[LegEnd] = []

    async def script(leg: Leg) -> None:
        await leg.answer()
        assert await leg.answered()
        await leg.play(bytes(4_000))
        ended.append(await leg.hangup())

    tasks: list[asyncio.Task[None]] = []
    peers: list[str] = []

    def take(leg: Leg) -> None:
        peers.append(leg.peer)
        tasks.append(asyncio.create_task(script(leg)))

    phone.engine.on_inbound(take)
    phone.caller("calls_in").verdict()
    phone.run(asyncio.wait_for(_all(tasks), 5))
    assert peers == ["+77010000009"]
    assert ended[0].outcome is Outcome.ANSWERED


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def test_an_inbound_call_nobody_takes_is_busy(phone: Phone) -> None:
    phone.engine.on_inbound(lambda leg: phone.keep(leg.hangup()))
    phone.caller("calls_in_refused").verdict()


def test_only_our_trunks_may_ring_us(phone: Phone) -> None:
    taken: list[Leg] = []
    phone.engine.on_inbound(taken.append)
    phone.caller("calls_in_refused", host="127.0.0.2").verdict()
    assert taken == []


def test_the_last_channel_is_the_last(phone: Phone, patient: Patient) -> None:
    legs = [phone.dial("patient") for _ in range(3)]
    assert phone.engine.capacity("patient").free == 0
    with pytest.raises(NoChannel):
        phone.run(phone.engine.originate(phone.spec("patient")))

    async def all_at_once() -> None:
        await asyncio.gather(*(leg.answered() for leg in legs))
        await asyncio.gather(*(leg.hangup() for leg in legs))

    phone.run(all_at_once())
    assert phone.engine.capacity("patient").free == 3
    for _ in legs:
        patient.recording()
