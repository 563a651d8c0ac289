"""Starting and ending, in processes of their own: the stack is global to its process."""

import os
import socket
import subprocess
from pathlib import Path

from tests.engines.telephony.harness import PYTHON, Sipp, free_range, free_sip_port, free_udp_ports

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
from medet.engines.telephony import Network, Trunk, TrunkState
from medet.engines.telephony.drivers.baresip import start

trunk, port, rtp = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

async def main():
    known = asyncio.Event()
    engine = await start(
        trunks=[Trunk(trunk, "robot", register=True, ping_every_s=0)],
        network=Network(port, rtp, rtp + 9, host="127.0.0.1", interface="127.0.0.1"),
        on_health=lambda health: known.set() if health.state is TrunkState.OK else None,
    )
    await known.wait()
    print("registered", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await engine.close()

asyncio.run(main())
print("closed")
"""
MALLOC_CHECKS = "/lib/x86_64-linux-gnu/libc_malloc_debug.so.0"


def test_closing_while_the_registrar_is_silent_leaves_memory_whole(folder: Path) -> None:
    """The stack's own unregister() corrupted it; glibc's checks make that an abort instead of luck."""
    (port,) = free_udp_ports(1)
    registrar = Sipp("registrar_once", port, folder)
    checks = {"LD_PRELOAD": MALLOC_CHECKS, "MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "165"}
    env = os.environ | (checks if Path(MALLOC_CHECKS).exists() else {})
    command = [PYTHON, "-c", CLOSING, f"127.0.0.1:{port}", str(free_sip_port()), str(free_range(10))]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "registered\n"
        registrar.verdict()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", port))
            silent.settimeout(10)
            assert silent.recv(2000).startswith(b"REGISTER")  # the renewal, which nobody answers
        said, _ = child.communicate("close\n", timeout=20)
    assert (child.returncode, said) == (0, "closed\n")
