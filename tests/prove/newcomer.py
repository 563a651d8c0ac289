"""Somebody who has just cloned Medet: a home, perhaps a user of its own, no terminal, and a look at what is left."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from medet.supervisor.folders import SYSTEM_STATE, short_hash
from tests.prove.figures import ROOT

NAME = "medet-newcomer"
# How this machine reaches its packages; nothing else of our environment is the newcomer's.
NETWORK = ("PIP_", "UV_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Newcomer:
    """A home below which everything happens; `uid` 0 is root's own."""

    home: Path
    name: str
    uid: int
    gid: int
    source: Path | None  # where the clone comes from: a bundle, because our own checkout may be closed to others

    def environment(self) -> dict[str, str]:
        """As after signing in."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(NETWORK)}
        user = {"HOME": str(self.home), "USER": self.name, "LOGNAME": self.name}
        return kept | user | {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8"}

    def start(self, *words: str, folder: Path, log: Path) -> Process:
        """A command without a terminal; our own signals must not be ignored, whoever started the judge."""
        become: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.uid else {}
        with log.open("ab") as said:
            return subprocess.Popen(
                ["env", "--default-signal=INT", *words],
                cwd=folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                **become,
            )

    def says(self, *words: str, folder: Path) -> str:
        """What a short command prints; empty when it fails."""
        become: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.uid else {}
        done: subprocess.CompletedProcess[str] = subprocess.run(
            words, cwd=folder, env=self.environment(), capture_output=True, text=True, check=False, **become
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def clone(self, name: str) -> Path:
        """A checkout of the commit under test."""
        self.says("git", "clone", "--quiet", str(self.source), name, folder=self.home)
        assert (self.home / name / "Makefile").exists(), "the clone failed"
        return self.home / name

    def left(self) -> list[str]:
        """Living processes of this user or of any of its checkouts."""
        return self._living(self.uid, [self.home, *map(outside, self._checkouts())])

    def left_of(self, checkout: Path) -> list[str]:
        """Living processes of one checkout."""
        return self._living(0, [checkout, outside(checkout)])

    def remove_outside(self) -> None:
        """What the checkouts keep elsewhere."""
        for checkout in self._checkouts():
            shutil.rmtree(outside(checkout), ignore_errors=True)

    def locks(self) -> list[Path]:
        """The lock files of PostgreSQL servers that did not end in peace."""
        places = [self.home, *map(outside, self._checkouts())]
        return [path for place in places for path in place.rglob("postmaster.pid")]

    def _checkouts(self) -> list[Path]:
        return [path.parent for path in self.home.glob("*/Makefile")]

    def _living(self, uid: int, places: list[Path]) -> list[str]:
        return [line for process in psutil.process_iter() if (line := told(process, uid, list(map(str, places))))]


def outside(checkout: Path) -> Path:
    """Where a checkout's data lies when the service user cannot reach it."""
    return SYSTEM_STATE / f"medet-{short_hash(checkout / '.data')}"


def told(process: psutil.Process, uid: int, words: list[str]) -> str:
    """Its number and command, if it is this user's or has a word in its command, working folder or settings."""
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return ""
        texts = [process.cwd(), *process.cmdline(), *process.environ().values()]
        mine = (uid and process.uids().real == uid) or any(word in text for word in words for text in texts)
        return f"{process.pid} {' '.join(process.cmdline())[:120]}" if mine else ""
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""


class Above:
    """Modes and owners of all folders above a checkout, and the machine's users, as they were."""

    def __init__(self, home: Path, before: dict[str, Any] | None = None) -> None:
        self._home = home
        self.before = before or self._look()

    def changes(self) -> list[str]:
        """Nothing, if all is as it was."""
        now = self._look()
        return [f"{name}: {was} -> {now[name]}" for name, was in self.before.items() if was != now[name]]

    def _look(self) -> dict[str, Any]:
        seen = {str(path): path.stat() for path in (self._home, *self._home.parents)}
        folders = {name: [oct(found.st_mode), found.st_uid, found.st_gid] for name, found in seen.items()}
        return {**folders, "users": sorted(entry.pw_name for entry in pwd.getpwall())}


@contextmanager
def bundle() -> Iterator[Path]:
    """This commit in one file that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="medet-bundle-"))
    folder.chmod(0o755)
    path = folder / "medet.bundle"
    subprocess.run(["git", "bundle", "create", "--quiet", str(path), "HEAD"], cwd=ROOT, check=True)
    path.chmod(0o644)
    try:
        yield path
    finally:
        shutil.rmtree(folder)


@contextmanager
def root_at_home() -> Iterator[Newcomer]:
    """A closed folder in root's own home."""
    home = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=Path.home())).resolve()
    home.chmod(0o700)
    with bundle() as source:
        newcomer = Newcomer(home, "root", 0, 0, source)
        try:
            yield newcomer
        finally:
            end(newcomer)
            newcomer.remove_outside()
            shutil.rmtree(home)


@contextmanager
def plain_user(mode: int, *, name: str = NAME) -> Iterator[Newcomer]:
    """A user made for this and removed afterwards, with a home of this mode."""
    with bundle() as source:
        newcomer = make_user(name, mode, source)
        try:
            yield newcomer
        finally:
            remove_user(newcomer)


def make_user(name: str, mode: int, source: Path) -> Newcomer:
    """By the system's own command; one that a broken judge left goes first."""
    if any(entry.pw_name == name for entry in pwd.getpwall()):
        remove_user(user(name, None))
    subprocess.run(["useradd", "--create-home", "--shell", "/bin/sh", name], check=True)
    made = user(name, source)
    made.home.chmod(mode)
    return made


def user(name: str, source: Path | None) -> Newcomer:
    """One that exists."""
    entry = pwd.getpwnam(name)
    return Newcomer(Path(entry.pw_dir), name, entry.pw_uid, entry.pw_gid, source)


def remove_user(newcomer: Newcomer) -> None:
    """With the home, and with what pytest and others keep in the system's folder for passing things."""
    end(newcomer)
    for path in Path(tempfile.gettempdir()).iterdir():
        if path.lstat().st_uid == newcomer.uid:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    subprocess.run(["userdel", "--remove", newcomer.name], check=True, capture_output=True)


def end(newcomer: Newcomer) -> None:
    """What a failed piece left; a whole one leaves nothing."""
    for line in newcomer.left():
        pid = int(line.split()[0])
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
