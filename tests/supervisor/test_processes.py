"""Children are shown, restarted, and never left behind."""

import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.supervisor.tools import eventually, gone

pytestmark = pytest.mark.timeout(40)

RUN = """
import os, sys
from pathlib import Path
from medet.supervisor import processes
from medet.supervisor.processes import Processes
from medet.supervisor.kin import Program
processes.FIRST_WAIT = 0.02
programs = [
    Program(name, (sys.executable, "-u", "-c", code), vital="spare" not in name) for name, code in {programs!r}
]
print("parent", os.getpid(), flush=True)
sys.exit(Processes(programs, env=os.environ, logs=Path({logs!r})).run())
"""
WAITS = "import os, time; print('here', os.getpid()); time.sleep(600)"
WITH_GRANDCHILD = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print('grandchild', child.pid); print('here', os.getpid()); time.sleep(600)
"""
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: print('not yet')); print('here', os.getpid()); time.sleep(600)
"""


class Run:
    """A supervisor of the given programs in a process of its own."""

    def __init__(self, logs: Path, **programs: str) -> None:
        code = RUN.format(programs=[(name, textwrap.dedent(text)) for name, text in programs.items()], logs=str(logs))
        self.process = subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True)
        self.seen: list[str] = []
        self._unread: list[str] = []

    def wait_for(self, *words: str) -> str:
        """The next line that holds all the words; lines of different children come in any order."""
        assert self.process.stdout
        skipped: list[str] = []
        for line in itertools.chain(self._unread, self._fresh()):
            if all(word in line for word in words):
                self._unread = skipped + self._unread[len(skipped) + 1 :]
                return line
            skipped.append(line)
        raise AssertionError(f"{words} did not come: {self.seen}")

    def _fresh(self) -> Iterator[str]:
        assert self.process.stdout
        for line in self.process.stdout:
            self.seen.append(line)
            yield line

    def pid(self, *words: str) -> int:
        """The number at the end of such a line."""
        return int(self.wait_for(*words).split()[-1])

    def end(self, number: int) -> int:
        """Send a signal and wait."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def close(self) -> None:
        """Whatever the test did, nothing stays."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def run(tmp_path: Path):
    runs: list[Run] = []

    def start(**programs: str) -> Run:
        runs.append(Run(tmp_path, **programs))
        return runs[-1]

    yield start
    for one in runs:
        one.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all(run, number: int) -> None:
    runs = run(web=WITH_GRANDCHILD, worker=WAITS)
    pids = [runs.pid("web", "grandchild"), runs.pid("web", "here"), runs.pid("worker", "here")]
    assert runs.end(number) == 0
    assert eventually(lambda: all(map(gone, pids)))


def test_kill_of_the_supervisor_ends_the_children(run) -> None:
    runs = run(web=WAITS, worker=WAITS)
    pids = [runs.pid("web", "here"), runs.pid("worker", "here")]
    runs.end(signal.SIGKILL)
    assert eventually(lambda: all(map(gone, pids)))


def test_a_fallen_child_is_started_again_and_its_children_swept(run) -> None:
    runs = run(web=WITH_GRANDCHILD)
    grandchild, child = runs.pid("grandchild"), runs.pid("here")
    os.kill(child, signal.SIGKILL)
    runs.wait_for("web", "ended with code -9; starts again")
    assert eventually(lambda: gone(grandchild))
    assert runs.pid("here") != child
    assert runs.end(signal.SIGTERM) == 0


def test_a_child_that_cannot_start_ends_all_with_one_line(run, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = run(good=WAITS, bad="raise SystemExit('no such trunk')")
    pid = runs.pid("good", "here")
    runs.wait_for("bad", "ended 5 times at once (code 1), so everything ends.", "bad.log")
    assert runs.process.wait(30) == 1
    assert sum("no such trunk" in line for line in runs.seen) == 5
    assert gone(pid)


def test_a_child_that_is_not_vital_is_tried_for_ever(run) -> None:
    runs = run(good=WAITS, phone_spare="raise SystemExit('no such trunk')")
    pid = runs.pid("good", "here")
    runs.wait_for("phone_spare", "ended with code 1; starts again in 0.6 s")
    assert not gone(pid)
    assert runs.end(signal.SIGTERM) == 0


def test_a_stubborn_child_is_killed_by_the_second_signal(run) -> None:
    runs = run(stubborn=STUBBORN)
    pid = runs.pid("here")
    runs.process.send_signal(signal.SIGTERM)
    runs.wait_for("not yet")
    begun = time.monotonic()
    assert runs.end(signal.SIGTERM) == 0
    assert gone(pid)
    assert time.monotonic() - begun < 5


def test_output_is_kept_in_a_log_each(run, tmp_path: Path) -> None:
    runs = run(web="print('қазақша'); import time; time.sleep(600)", phone=WAITS)
    runs.wait_for("web   | қазақша")
    runs.end(signal.SIGTERM)
    assert (tmp_path / "web.log").read_text("utf-8") == "қазақша\n"


def test_a_console_that_goes_away_ends_nothing(run, tmp_path: Path) -> None:
    chatty = "import time\nfor n in range(10**6):\n    print(n); time.sleep(0.01)"
    runs = run(web=chatty)
    runs.wait_for("web", "5")
    assert runs.process.stdout
    runs.process.stdout.close()
    size = (tmp_path / "web.log").stat().st_size
    assert eventually(lambda: (tmp_path / "web.log").stat().st_size > size + 200)
    assert runs.end(signal.SIGTERM) == 0
