"""An engine that cannot start says why in one line. In a process of its own: the stack is global to it."""

import socket
import subprocess

from tests.engines.telephony.harness import PYTHON, free_range

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
