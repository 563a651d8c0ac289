"""The engine under test on a loop of its own, and the SIP peers around it."""

import asyncio
import atexit
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from medet.engines.telephony import CallSpec, Engine, Leg, Network, Trunk, TrunkHealth
from tests.needs import needs
from tests.ports import udp_ports

HERE = Path(__file__).parent
PYTHON = sys.executable
NUMBER = "+77010000001"
# Called trunks: each test takes the next, so that a late packet of one scenario never meets another.
POOL = 64
# Longer than the longest prompt: most peers of these tests send no RTP.
RTP_TIMEOUT_S = 16
PASSWORD = "secret"

T = TypeVar("T")


def free_range(size: int) -> int:
    """First port of a block where every even port is free."""
    for first in range(20_000, 30_000, size):
        try:
            for port in range(first, first + size, 2):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.bind(("0.0.0.0", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free block of UDP ports")


def until(condition: Callable[[], Any], timeout_s: float = 10.0) -> Any:
    """Wait for a condition and return what it gave."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {condition}"
        time.sleep(0.02)


def bound(port: int, host: str = "127.0.0.1") -> bool:
    """Somebody listens on this UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class Loop:
    """An event loop in a thread, so that plain tests drive asynchronous code."""

    def __init__(self) -> None:
        """Start it."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float = 30.0) -> T:
        """The result of a coroutine."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s)


class Sipp:
    """One SIPp process playing one scenario."""

    def __init__(
        self,
        scenario: str,
        port: int,
        folder: Path,
        calls: int = 1,
        target: str = "",
        host: str = "127.0.0.1",
        **keys: str,
    ) -> None:
        """Start it and wait until it listens; `target`: whom it calls, where it is the caller."""
        self.port = port
        self._log = folder / f"{scenario}-{port}"
        self._messages = self._log.with_suffix(".messages")
        media, control = udp_ports(2)
        # SIPp reads the codes of answers when it loads a scenario, before its own keys are known.
        steps = (HERE / "sipp" / f"{scenario}.xml").read_text()
        for key, value in keys.items():
            steps = steps.replace(f"[{key}]", value)
        own = self._log.with_suffix(".xml")
        own.write_text(steps)
        command = [needs("sipp"), *([target] if target else []), "-sf", str(own), "-i", host, "-p", str(port)]
        command += ["-mp", str(media), "-cp", str(control), "-m", str(calls), "-nostdin"]
        command += ["-timeout", "240s"]  # an aborted session leaves no peer behind for long
        command += ["-trace_err", "-error_file", str(self._log.with_suffix(".errors"))]
        command += ["-trace_msg", "-message_file", str(self._messages)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        until(lambda: bound(port, host) or self.process.poll() is not None)
        assert self.process.poll() is None, f"SIPp ended at once\n{self._told()}"

    def verdict(self, timeout_s: float = 20.0) -> None:
        """Every step of the scenario was seen, in order."""
        code = self.process.wait(timeout_s)
        assert code == 0, f"SIPp ended with {code}\n{self._told()}\n{self.messages()}"

    def _told(self) -> str:
        errors = self._log.with_suffix(".errors")
        return errors.read_text(errors="replace") if errors.exists() else ""

    def messages(self) -> str:
        """Everything that went over the wire."""
        return self._messages.read_text(errors="replace") if self._messages.exists() else ""

    def received(self, method: str) -> int:
        """How many requests of this method it was sent, repeats included."""
        blocks = self.messages().split("-----------------------------------------------")
        return sum(1 for block in blocks if "message received" in block and f"\n\n{method} " in block)

    def stop(self) -> None:
        """Kill it, whatever it is doing."""
        self.process.kill()
        self.process.wait()


class Phone:
    """The engine under test with trunks to every peer a test may start."""

    def __init__(self, driver: str, folder: Path, extra: list[Trunk]) -> None:
        """Start it on free loopback ports."""
        self.folder = folder
        self.healths: list[TrunkHealth] = []
        ports = udp_ports(POOL)
        (self.own_port,) = (own,) = udp_ports(1)
        self._free = [(f"peer{n}", port) for n, port in enumerate(ports)]
        pool = [
            Trunk(f"127.0.0.1:{port}", "robot", PASSWORD, name=name, caller_id="+77272000000", ping_every_s=0)
            for name, port in self._free
        ]
        first = free_range(400)
        network = Network(own, first, first + 399, host="127.0.0.1", interface="127.0.0.1")
        self.loop = Loop()
        start = import_module(driver).start
        self.engine: Engine = self.loop.run(
            start(
                trunks=[*pool, *extra],
                network=network,
                on_health=self.healths.append,
                rtp_timeout_s=RTP_TIMEOUT_S,
            )
        )
        self.patient_port = 0
        self.crowds: dict[str, int] = {}
        self._calls = 0
        self._peers: list[Sipp] = []
        self._kept: set[asyncio.Future[Any]] = set()

    def start_slow(self) -> None:
        """Calls that last as long as Timer B (32 s) or the RTP timeout: started first, looked at last."""
        self.vanished = self.dial(self.peer("vanish")[0])
        self.silent_trunk, self.silent_peer = self.peer("silent")
        self.silent = self.dial(self.silent_trunk, ring_timeout_s=1)
        self.nobody_trunk, _ = self.spare()
        self.nobody = [self.dial(self.nobody_trunk, ring_timeout_s=1) for _ in range(3)]

    def peer(self, scenario: str, **keys: str) -> tuple[str, Sipp]:
        """Start a scenario; the name of the trunk that leads to it."""
        name, port = self._free.pop()
        sipp = Sipp(scenario, port, self.folder, 1, **keys)
        self._peers.append(sipp)
        return name, sipp

    def caller(self, scenario: str, host: str = "127.0.0.1") -> Sipp:
        """A scenario that calls the engine, from the address of a trunk or another one."""
        (port,) = udp_ports(1)
        sipp = Sipp(scenario, port, self.folder, 1, f"127.0.0.1:{self.own_port}", host)
        self._peers.append(sipp)
        return sipp

    def keep(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine beside everything; called on the loop."""
        task = asyncio.ensure_future(work)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def spare(self) -> tuple[str, int]:
        """A trunk and its port, where nothing listens yet."""
        return self._free.pop()

    def spec(
        self, trunk: str, *, ring_timeout_s: float = 5.0, to: str = NUMBER, until: float | None = None
    ) -> CallSpec:
        """A call with a key of its own."""
        self._calls += 1
        return CallSpec(to, f"test:{self._calls}", ring_timeout_s, trunk=trunk, until=until)

    def dial(self, trunk: str, *, ring_timeout_s: float = 5.0, until: float | None = None) -> Leg:
        """A call whose INVITE has left."""
        return self.loop.run(self.engine.originate(self.spec(trunk, ring_timeout_s=ring_timeout_s, until=until)))

    def dial_deaf(self, trunk: str, *, ring_timeout_s: float = 5.0, deaf_s: float = 0.1) -> Leg:
        """Dial while the loop is held up, so that the answer waits for us in the same pass as the dial's own result."""

        async def dial() -> Leg:
            going = asyncio.create_task(self.engine.originate(self.spec(trunk, ring_timeout_s=ring_timeout_s)))
            await asyncio.sleep(0)
            time.sleep(deaf_s)
            return await going

        return self.loop.run(dial())

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float = 30.0) -> T:
        """The result of a coroutine on the engine's loop."""
        return self.loop.run(work, timeout_s)

    def close(self) -> None:
        """Hang up and stop the peers. The stack itself is left to the end of this process.

        Ending it is judged in test_start, in children: a native abort there is one failed test,
        here it would take the results of the whole session with it.
        """
        self.loop.run(self.engine.drain(0))
        atexit.unregister(self.engine._runtime._forced_teardown)  # type: ignore[attr-defined]
        for peer in self._peers:
            if peer.process.poll() is None:
                peer.stop()


class Patient:
    """The called phone that is not SIPp: answers at once, keeps what it hears."""

    def __init__(self, port: int, folder: Path) -> None:
        """Start it."""
        command = [PYTHON, str(HERE / "patient.py"), str(port), str(free_range(400)), str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def recording(self) -> bytes:
        """What the next finished call heard."""
        return Path(self._line().split(" ", 2)[2]).read_bytes()

    def close(self) -> None:
        """Let it end by itself."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
