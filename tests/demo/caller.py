"""A process with our own engine that rings the phones of the city the way the robot does; prints what it got as JSON.

python -m tests.demo.caller TRUNK_PORT PROMPTS NUMBER... (one SIP stack a process, hence a process of its own).
"""

import asyncio
import json
import sys
import wave
from pathlib import Path

from medet.base.punctual import keep_time
from medet.demo.phones.ports import free_range, free_sip_port
from medet.engines.telephony import CallSpec, Engine, Leg, LegEnded, Network, Trunk
from medet.engines.telephony.drivers.baresip import start

ASKED = ("state", "breath", "at_home", "wants_doctor")
AT_A_TIME = 8  # more would starve each other on a busy machine


def pcm(folder: Path, key: str) -> bytes:
    with wave.open(str(folder / f"{key}.wav")) as recording:
        return bytes(recording.readframes(recording.getnframes()))


async def talk(leg: Leg, folder: Path, asked: list[str]) -> dict[str, str]:
    got: dict[str, str] = {}
    try:
        for key in asked:
            count = 4 if key == "ask_year_of_birth" else 1
            digits = await leg.collect(count, prompt=pcm(folder, key), timeout_s=8.0, inter_digit_s=3.0)
            got[key] = got.get(key, "") + digits.text
            if not digits.text or digits.text in "0*":  # the robot too gives up
                break
    except LegEnded:
        got["hung_up"] = "yes"
    return got


async def ring(engine: Engine, folder: Path, number: str, turn: asyncio.Semaphore) -> dict[str, object]:
    async with turn:
        return await call(engine, folder, number)


async def call(engine: Engine, folder: Path, number: str) -> dict[str, object]:
    leg = await engine.originate(CallSpec(to=number, idempotency_key=number, ring_timeout_s=8.0))
    got: dict[str, str] = {}
    if await leg.answered():
        asked = ["ask_year_of_birth", *(f"covid-home/{key}" for key in ASKED)]
        if number.endswith("99"):  # the household line: the first year was of another person
            asked.insert(1, "ask_year_of_birth")
        got = await talk(leg, folder, asked)
    end = await leg.hangup()
    return {"number": number, "outcome": end.outcome, "sip": end.sip_code, "keys": got}


async def main(port: str, folder: str, *numbers: str) -> None:
    first = free_range(200)
    engine = await start(
        trunks=[Trunk(f"127.0.0.1:{port}", "robot", attempts_per_s=20.0)],
        network=Network(free_sip_port(), first, first + 199, host="127.0.0.1", interface="127.0.0.1"),
    )
    turn = asyncio.Semaphore(AT_A_TIME)
    results = await asyncio.gather(*(ring(engine, Path(folder), number, turn) for number in numbers))
    await engine.close()
    print(json.dumps(results))


if __name__ == "__main__":
    keep_time()  # as the robot does
    asyncio.run(main(*sys.argv[1:]))
