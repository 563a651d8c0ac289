"""Folders for whole clusters, and owners of clusters that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from medet.supervisor.folders import CHECKOUT, SYSTEM_STATE, short_hash
from tests.supervisor.tools import eventually, living

HERE = """
import os, sys, time
print(os.environ['DATABASE_URL'], flush=True)
sys.stdin.read()
"""


def clean_environment() -> dict[str, str]:
    """Ours without what would lead the supervisor elsewhere."""
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PG_BINDIR")
    return {name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("MEDET_")}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are closed to others. Nothing of it may live on."""
    folder = Path(tempfile.mkdtemp(prefix="medet-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    assert eventually(lambda: not living(str(folder)), 30), f"left behind: {living(str(folder))}"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def warm() -> Iterator[Path]:
    """A data folder whose cluster exists already; shared by all tests that only kill and start."""
    folder = Path(tempfile.mkdtemp(prefix="medet-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    assert eventually(lambda: not living(str(folder)), 30), f"left behind: {living(str(folder))}"
    shutil.rmtree(folder)


@pytest.fixture
def outside(open_folder: Path) -> Iterator[Path]:
    """Where the data of `open_folder/x/.data` goes when the service user cannot reach it."""
    folder = SYSTEM_STATE / f"medet-{short_hash(open_folder / 'x' / '.data')}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Owner:
    """`python -m medet.supervisor run` with a command that waits for its standard input to close."""

    def __init__(self, data: Path, **env: str) -> None:
        command = [
            sys.executable,
            "-m",
            "medet.supervisor",
            "run",
            "--data",
            str(data),
            "--",
            sys.executable,
            "-c",
            HERE,
        ]
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=clean_environment() | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """The address of the database, as soon as it can be used."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def finish(self) -> tuple[int, str]:
        """Let the command end; the exit code and what was said."""
        _, said = self.process.communicate(timeout=40)
        return self.process.returncode, said


@pytest.fixture
def owner() -> Iterator[type[Owner]]:
    """Makes owners and ends those still there."""
    made: list[Owner] = []

    class Kept(Owner):
        def __init__(self, data: Path, **env: str) -> None:
            super().__init__(data, **env)
            made.append(self)

    yield Kept
    for one in made:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(40)
        for stream in (one.process.stdin, one.process.stdout, one.process.stderr):
            if stream:
                stream.close()
