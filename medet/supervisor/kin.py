"""One child of a run: its process, its output, and when it may be started again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from medet.supervisor.output import Lines, LogFile
from medet.supervisor.spawn import spawn


@dataclass(frozen=True)
class Program:
    """A named command; it is started in the order of the table and ended in the reverse."""

    name: str
    command: tuple[str, ...]
    patience: float = 10.0  # seconds it has to end by itself
    vital: bool = True  # without it nothing works: when it falls again and again, everything ends


class Kin:
    """A child in its own session, so that whatever it starts can be swept away with it."""

    def __init__(self, program: Program, *, env: Mapping[str, str], log: Path, width: int) -> None:
        self.name, self.patience, self.vital = program.name, program.patience, program.vital
        self.prefix = f"{program.name:<{width}} | "
        self.log = LogFile(log)
        self.falls = 0
        self._command, self._env = program.command, env
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: Lines | None = None
        self._started = 0.0
        self._due: float | None = None

    @property
    def handle(self) -> int:
        """The reading end of the child's output."""
        return self._lines.handle if self._lines else -1

    def start(self) -> int:
        """Start the process and answer with the handle to listen on."""
        self._forget()
        self._process = spawn(self._command, env=self._env, output=subprocess.PIPE)
        assert self._process.stdout is not None
        self._lines = Lines(self._process.stdout.fileno())
        self._started, self._due = time.monotonic(), None
        return self._lines.handle

    def is_running(self) -> bool:
        """Started and not swept."""
        return self._process is not None and self._process.returncode is None

    def has_ended(self) -> bool:
        """Whether it has ended by itself; it is not reaped yet, so its number cannot belong to another process."""
        if not self.is_running() or self._process is None:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def is_due(self) -> bool:
        """Whether the pause after a fall is over."""
        return self._due is not None and time.monotonic() >= self._due

    def read(self) -> tuple[list[str], bool]:
        """What it said since; also written to its log."""
        if self._lines is None:
            return [], False
        lines, is_open = self._lines.read()
        for line in lines:
            self.log.write(line)
        return [line.decode("utf-8", "replace") for line in lines], is_open

    def ask_to_end(self) -> None:
        """SIGTERM to the process itself, which knows best how to end what it started."""
        self._due = None
        if self._process is not None and self.is_running():
            self._process.send_signal(signal.SIGTERM)

    def sweep(self) -> int:
        """Kill what is left of its session and reap it."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        return self._process.returncode

    def plan_restart(self, *, first: float, at_once: float, longest: float) -> float:
        """The pause before the next start: doubled with every fall soon after a start."""
        self.falls = self.falls + 1 if time.monotonic() - self._started < at_once else 1
        wait: float = min(first * 2 ** (self.falls - 1), longest)
        self._due = time.monotonic() + wait
        return wait

    def _forget(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._lines = None
