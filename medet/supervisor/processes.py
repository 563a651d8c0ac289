"""Runs a table of programs as children: shows what they say, starts a fallen one again, ends all in order.

One thread and one loop: Linux ties a child's death signal to the thread that started it.
"""

import selectors
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from medet.supervisor.kin import Kin, Program
from medet.supervisor.output import Console

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.1
AT_ONCE_SECONDS = 10.0
AT_ONCE_TIMES = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


class Processes:
    """The children of one run."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        env: Mapping[str, str],
        logs: Path,
        ticks: Sequence[Callable[[], object]] = (),
        until: Callable[[], bool] = lambda: False,
        console: Console | None = None,
    ) -> None:
        width = max((len(program.name) for program in programs), default=0)
        self._selector = selectors.DefaultSelector()
        self._console = console or Console(sys.stdout)
        self._ticks, self._until = ticks, until
        self._kin = [Kin(program, env=env, log=logs / f"{program.name}.log", width=width) for program in programs]
        self._signals = 0
        self._code = 0

    def run(self) -> int:
        """Until a signal or `until` (0), or a vital program that falls again and again (1)."""
        before = {number: signal.signal(number, self._on_signal) for number in STOPPING}
        try:
            for kin in self._kin:
                self._start(kin)
            while not self._signals and not self._code and not self._until():
                self._turn()
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._code

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _turn(self) -> None:
        self._pump(TICK_SECONDS)
        for tick in self._ticks:
            tick()
        for kin in self._kin:
            if kin.has_ended():
                self._bury(kin)
            elif kin.is_due():
                self._start(kin)

    def _start(self, kin: Kin) -> None:
        self._selector.register(kin.start(), selectors.EVENT_READ, kin)

    def _pump(self, seconds: float) -> None:
        """Show what the children have said."""
        for key, _ in self._selector.select(seconds):
            self._show(key.data)

    def _show(self, kin: Kin) -> bool:
        lines, is_open = kin.read()
        for line in lines:
            self._console.line(f"{kin.prefix}{line}")
        if not is_open and kin.handle in self._selector.get_map():
            self._selector.unregister(kin.handle)
        return bool(lines)

    def _bury(self, kin: Kin) -> None:
        """Sweep what the child left, say how it ended, and plan its next start or the end of all."""
        code = kin.sweep()
        while self._show(kin):
            pass
        if kin.handle in self._selector.get_map():
            self._selector.unregister(kin.handle)
        wait = kin.plan_restart(first=FIRST_WAIT, at_once=AT_ONCE_SECONDS, longest=LONGEST_WAIT)
        if kin.vital and kin.falls >= AT_ONCE_TIMES:
            self._code = 1
            self._console.line(
                f"{kin.name} ended {kin.falls} times at once (code {code}), so everything ends. {kin.log.path}"
            )
        else:
            self._console.line(f"{kin.prefix}ended with code {code}; starts again in {wait:.1f} s")

    def _stop(self) -> None:
        """In the reverse order, each with a bounded wait; a second signal ends the waiting."""
        seen = self._signals
        for kin in reversed(self._kin):
            kin.ask_to_end()
            deadline = time.monotonic() + kin.patience
            while (
                kin.is_running()
                and not kin.has_ended()
                and time.monotonic() < deadline
                and self._signals <= max(seen, 1)
            ):
                self._pump(0.05)
            kin.sweep()
            self._show(kin)
            kin.log.close()
        self._selector.close()
