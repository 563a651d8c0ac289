"""Starts Medet's processes for a test, on free ports of the loopback, and ends each one it started."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from medet.demo.phones.ports import free_sip_port

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ZoneInfo("Asia/Almaty")
NOON = 12


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port nobody has now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def offset_to_noon(now: datetime | None = None) -> float:
    """Seconds a demo clock must run ahead to show noon in Almaty: a test passes at any hour."""
    real = now or datetime.now(UTC)
    local = real.astimezone(LOCAL)
    noon = local.replace(hour=NOON, minute=0, second=0, microsecond=0)
    return ((noon if noon >= local else noon + timedelta(days=1)) - local).total_seconds()


def wait_until(true: Callable[[], Any], *, seconds: float, what: str | Callable[[], str]) -> Any:
    """Waits for a condition; fails with its name, asked for only then when it is a function."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:g} s: {what if isinstance(what, str) else what()}")


@dataclass
class Running:
    """The processes of one test, their environment and their logs."""

    env: dict[str, str]
    folder: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Starts a program; what it says goes to its log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**self.env, **(env or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.children[name] = child
        return child

    def manage(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Starts a management command."""
        return self.start(name, "manage.py", *words)

    def log(self, name: str) -> str:
        """What a program said."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def kill(self, name: str) -> None:
        """kill -9, as a crash would; what it leaves (workers of granian) is swept, as the supervisor does."""
        child = self.children.pop(name)
        child.kill()
        child.wait(10)
        _sweep(child)

    def stop(self) -> None:
        """Ends everything in the reverse order of its start."""
        for name in reversed(list(self.children)):
            child = self.children.pop(name)
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(10)
            _sweep(child)


def _sweep(child: subprocess.Popen[bytes]) -> None:
    """Whatever is left of the session of a program that has ended."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


@dataclass
class Phones:
    """The telephones of the made-up city as a test sees them: their behaviours and their own diary."""

    running: Running
    behaviours: Path
    diary: Path
    port: int
    recordings: Path | None = None

    def entries(self) -> list[dict[str, Any]]:
        """The diary: what each phone saw, written by the phones themselves."""
        if not self.diary.exists():
            return []
        return [json.loads(line) for line in self.diary.read_text().splitlines() if line.endswith("}")]

    def rings(self, number: str) -> list[dict[str, Any]]:
        """Every INVITE that reached a number."""
        return [entry for entry in self.entries() if entry.get("number") == number and entry["event"] == "invite"]


def phones(
    running: Running,
    lines: Mapping[str, Mapping[str, Any]],
    *,
    record: bool = False,
    options: tuple[str, ...] = (),
) -> Phones:
    """Starts the telephone network; `lines` is number -> behaviour and years of birth."""
    folder = running.folder
    behaviours, diary, port = folder / "behaviours.json", folder / "diary.jsonl", free_port(socket.SOCK_DGRAM)
    behaviours.write_text(json.dumps(lines))
    recordings = folder / "recordings" if record else None
    words = ["demo_phones", "--behaviours", str(behaviours), "--port", str(port), "--log", str(diary), *options]
    if recordings:
        words += ["--record", str(recordings)]
    running.manage("phones", *words)
    made = Phones(running, behaviours, diary, port, recordings)
    wait_until(diary.exists, seconds=30, what=f"phones are up\n{running.log('phones')}")
    return made


def robot(running: Running, trunk_port: int, *, rate: float = 20, channels: int = 60, lane: int = 0) -> None:
    """Starts a phone process towards the telephone network; each further one has a `lane` of its own."""
    first = 32_000 + (os.getpid() * 211) % 18_000 + lane * 700  # above the phones' own
    running.env |= {
        "MEDET_TRUNK_ADDRESS": f"127.0.0.1:{trunk_port}",
        "MEDET_TRUNK_RATE": str(rate),
        "MEDET_TRUNK_CHANNELS": str(channels),
        "MEDET_SIP_HOST": "127.0.0.1",
        "MEDET_SIP_INTERFACE": "127.0.0.1",
        "MEDET_SIP_PORT": str(free_sip_port()),
        "MEDET_RTP_FIRST": str(first),
        "MEDET_RTP_LAST": str(first + 600),
    }
    running.manage(f"phone-{lane}" if lane else "phone", "phone")


@contextmanager
def medet(env: Mapping[str, str], folder: Path) -> Iterator[Running]:
    """An environment for Medet's processes at noon; everything ends with the block."""
    running = Running(
        {
            **env,
            "MEDET_DEMO": "1",
            "MEDET_CLOCK_OFFSET": str(offset_to_noon()),
            "MEDET_DATA": str(folder),
            "MEDET_PHONE_DRAIN_S": "1",  # a test that is over does not wait for conversations
            "PYTHONUNBUFFERED": "1",
        },
        folder,
    )
    try:
        yield running
    finally:
        running.stop()
