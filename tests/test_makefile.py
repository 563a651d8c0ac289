"""The Makefile on machines where something is missing, and the lock files."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from medet.supervisor.folders import CHECKOUT

LOCKS = ("requirements.txt", "requirements-dev.txt")


def make_with(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Set up with an interpreter of the test's."""
    for name in ("Makefile", *LOCKS):
        shutil.copy(CHECKOUT / name, folder)
    fake = folder / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    command = ["make", "-C", str(folder), f"PYTHON={fake}", ".venv/ready"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("exit 1", "Python 3.11 is needed: apt-get install python3.11, or make PYTHON=/path/to/python3.11"),
        (
            'case "$2" in *ensurepip*) exit 1;; esac',
            "The venv module of Python is missing: apt-get install python3-venv",
        ),
    ],
    ids=["no-python", "no-venv"],
)
def test_one_clear_line_for_what_is_missing(tmp_path: Path, python: str, sentence: str) -> None:
    done = make_with(tmp_path, python)
    assert done.returncode != 0
    assert [line for line in done.stdout.splitlines() if not line.startswith("make")] == [sentence]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_address(name: str) -> None:
    text = (CHECKOUT / name).read_text("utf-8")
    assert not re.search(r"://|^\s*--(index|extra|find|trusted)", text, re.MULTILINE)
    packages = re.findall(r"^[a-z0-9][^=\n]*==[^\n]+", text, re.MULTILINE)
    assert len(packages) > 15
    assert all(line.endswith("\\") for line in packages), "each is followed by its hashes"


def test_the_smaller_lock_is_part_of_the_larger() -> None:
    small, large = (
        {line.split()[0] for line in (CHECKOUT / name).read_text("utf-8").splitlines() if "==" in line}
        for name in LOCKS
    )
    assert small <= large
