"""Makes a cluster's data directory, whole or not at all."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from medet.supervisor.binaries import Binaries
from medet.supervisor.spawn import shim
from medet.supervisor.trouble import Trouble
from medet.supervisor.users import ServiceUser


def initialise(binaries: Binaries, pgdata: Path, *, user: ServiceUser | None, password: str, durable: bool) -> None:
    """Run initdb next to the final folder and rename: a crash in between leaves nothing that looks finished."""
    fresh, words = pgdata.with_name("data.new"), pgdata.with_name("password.new")
    shutil.rmtree(fresh, ignore_errors=True)
    words.unlink(missing_ok=True)
    try:
        fresh.mkdir(mode=0o700)
        # A real file of the user: initdb cannot read /dev/stdin after rights were dropped.
        with os.fdopen(os.open(words, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(password)
        if user:
            os.chown(fresh, user.uid, user.gid)
            os.chown(words, user.uid, user.gid)
        run_initdb(binaries, fresh, words, user, [] if durable else ["-N"])
        fresh.rename(pgdata)
    finally:
        words.unlink(missing_ok=True)


def run_initdb(binaries: Binaries, folder: Path, words: Path, user: ServiceUser | None, more: list[str]) -> None:
    """Locale C.UTF-8: the same order of letters on every machine; people's names are sorted by a key column."""
    command = [str(binaries.folder / "initdb"), "-D", str(folder), "-U", "postgres", "--auth=scram-sha-256"]
    command += [f"--pwfile={words}", "--locale=C.UTF-8", "-E", "UTF8", *more]
    before = shim(user=user, death_signal=signal.SIGKILL, own_session=True)
    env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*before, *command], check=False, capture_output=True, text=True, cwd="/", env=env)
    if done.returncode:
        raise Trouble(f"initdb failed: {' '.join(done.stderr.split())}")
