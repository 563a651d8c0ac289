"""Starting and ending, in processes of their own: the stack is global to its process."""

import os
import socket
import subprocess
from pathlib import Path

from tests.engines.telephony.harness import PYTHON, Sipp, free_range
from tests.ports import udp_ports

PROGRAM = """
import asyncio, sys
from medet.engines.telephony import Network, NotStarted, Trunk
from medet.engines.telephony.drivers.baresip import start

port, rtp = int(sys.argv[1]), int(sys.argv[2])
network = Network(port, rtp, rtp + 9, host="127.0.0.1", interface="127.0.0.1")
try:
    asyncio.run(start(trunks=[Trunk("127.0.0.1:1", "robot")], network=network))
except NotStarted as error:
    print(error.code, error)
"""


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as too:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        too.bind(("127.0.0.1", port))
        command = [PYTHON, "-c", PROGRAM, str(port), str(free_range(10))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.startswith(f"telephony.not_started 127.0.0.1:{port} "), done.stderr
    assert "Address already in use" in done.stdout


CLOSING = """
import asyncio, sys
from medet.engines.telephony import CallSpec, LegEventKind, Network, Trunk, TrunkState
from medet.engines.telephony.drivers.baresip import start

registrar, silent, ringing, talking = (f"127.0.0.1:{port}" for port in sys.argv[1:5])
port, rtp = int(sys.argv[5]), int(sys.argv[6])

async def until(leg, kind):
    async for event in leg.events():
        if event.kind is kind:
            return

async def main():
    known = asyncio.Event()
    trunks = [Trunk(registrar, "robot", register=True, name="registrar", ping_every_s=0)]
    trunks += [Trunk(address, "robot", name=address, ping_every_s=0) for address in (silent, ringing, talking)]
    engine = await start(
        trunks=trunks,
        network=Network(port, rtp, rtp + 99, host="127.0.0.1", interface="127.0.0.1"),
        on_health=lambda health: known.set() if health.state is TrunkState.OK else None,
    )
    await known.wait()
    legs = [
        await engine.originate(CallSpec("+77010000001", address, trunk=address))
        for address in (silent, ringing, talking)
    ]
    await until(legs[1], LegEventKind.RINGING)
    assert await legs[2].answered()
    speaking = asyncio.create_task(legs[2].play(bytes(160_000)))
    print("busy", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await engine.close()
    print(*(leg.end.outcome for leg in legs), type(speaking.exception()).__name__)

asyncio.run(main())
"""
MALLOC_CHECKS = "/lib/x86_64-linux-gnu/libc_malloc_debug.so.0"


def test_closing_in_the_middle_of_everything_leaves_memory_whole(folder: Path) -> None:
    """A renewal nobody answers, a silent call, a ringing one, a talking one.

    The stack's own unregister() corrupted its memory here; glibc's checks make that an abort instead of luck.
    """
    ports = udp_ports(4)
    registrar, ringing, talking = (
        Sipp(scenario, port, folder)
        for scenario, port in zip(("registrar_once", "ring_forever", "answer"), (ports[0], *ports[2:]), strict=True)
    )
    checks = {"LD_PRELOAD": MALLOC_CHECKS, "MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "165"}
    env = os.environ | (checks if Path(MALLOC_CHECKS).exists() else {})
    command = [PYTHON, "-c", CLOSING, *map(str, ports), str(udp_ports(1)[0]), str(free_range(100))]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "busy\n"
        registrar.verdict()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", ports[0]))
            silent.settimeout(10)
            assert silent.recv(2000).startswith(b"REGISTER")  # the renewal, which nobody answers
        said, _ = child.communicate("close\n", timeout=30)
    assert (child.returncode, said) == (0, "cancelled cancelled answered LegEnded\n")
    for peer in (ringing, talking):
        peer.verdict()
