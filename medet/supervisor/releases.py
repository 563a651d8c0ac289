"""`upgrade`: what runs is ended, backed up, brought to this release and started again; never half of it.

The mark `upgrade.json` stands from before the first change of the data until all of it is done: as long as it stands
nothing else starts from the folder. What can be refused is refused while everything still runs.
"""

import json
import os
import signal
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from medet.supervisor import backing, current, last, room, units
from medet.supervisor.environment import running
from medet.supervisor.folders import data_folder
from medet.supervisor.lock import FolderLock
from medet.supervisor.trouble import Trouble

MARK = "upgrade.json"
PID, UNIT = "MEDET_SUPERVISOR_PID", "MEDET_UNIT"
END_SECONDS = 150.0
UPGRADING = {"MEDET_UPGRADING": "1"}  # older data is what we are here for; newer data is refused all the same


def check(data: Path) -> None:
    """Refuses what an upgrade has left half done."""
    if backup := _marked(data):
        raise Trouble(
            f"An upgrade was not finished, so nothing is started. Run `make upgrade` again, or restore the backup "
            f"{backup} into an empty folder."
        )


def upgrade(env: Mapping[str, str]) -> dict[str, str]:
    """The settings to start again with what ran before; none when nothing ran, or a unit of systemd starts itself."""
    data = _folder(env)
    lock = FolderLock(data / current.LOCK)
    ran = {} if lock.take() else _what_runs(data)
    try:
        settings = last.joined(data, env, ran)
        backups = Path(settings.get("MEDET_BACKUPS") or data / "backups")
        _can_hold(backups)
        if ran:
            _fits({**settings, **ran})
            _has_room(backups, data, {**settings, **ran})
            _end(int(ran[PID]), lock)
        _bring(data, settings, backups)
    finally:
        lock.release()
    print("The data is of this release now.", flush=True)
    return settings if ran and UNIT not in ran else {}


def _folder(env: Mapping[str, str]) -> Path:
    """Where the installation is, also when only its unit says so."""
    from medet.supervisor import product  # it needs `check`

    data = data_folder({**units.settings(), **env}).resolve()
    if not (data / product.KIND).exists():
        raise Trouble(f"Nothing was ever served from {data}: set MEDET_DATA to the data folder of your installation.")
    product.check_kind(data, "serve")
    return data


def _what_runs(data: Path) -> dict[str, str]:
    kept = current.recall(data)
    if not kept.get(PID, "").isdigit():
        raise Trouble(f"Something runs from {data} and does not say what: end it first.")
    return kept


def _can_hold(folder: Path) -> None:
    """A backup that cannot be written is known before anything is ended."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise Trouble(
            f"No backup can be written to {folder}: {fault.strerror}. Nothing was ended or changed. Set MEDET_BACKUPS "
            f"to another folder."
        ) from fault


def _has_room(folder: Path, data: Path, env: Mapping[str, str]) -> None:
    """So is one that a full disk would break off."""
    try:
        room.check(folder, data, env)
    except Trouble as fault:
        raise Trouble(f"{fault} Nothing was ended or changed.") from fault


def _fits(env: Mapping[str, str]) -> None:
    """An older checkout must not touch newer data, nor put its older programmes in force on it."""
    from medet.supervisor import product

    product.prepare(product.FITS, {**env, **UPGRADING})


def _end(pid: int, lock: FolderLock) -> None:
    """Asks the running supervisor to end, and waits for its lock."""
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    while not lock.take():
        if time.monotonic() > deadline:
            raise Trouble("What runs does not end; nothing was changed.")
        time.sleep(0.2)


def _bring(data: Path, settings: Mapping[str, str], backups: Path) -> None:
    """The data to this release, with its backup before."""
    from medet.supervisor import product

    with running(settings, data=data) as (own, postgres):
        if postgres and postgres.attached:
            raise Trouble(f"Another command runs the PostgreSQL of {data}: end it first.")
        _fits(own)
        backup = backed_up(data, backups, own)
        try:
            for step in product.STEPS:
                product.prepare(step, own | UPGRADING)
        except Trouble as fault:
            raise Trouble(
                f"{fault} The upgrade is not finished, and nothing starts from {data} as long as it is not: when the "
                f"reason above is mended run `make upgrade` again, or restore the backup {backup} into an empty folder."
            ) from fault
        (data / MARK).unlink()


def backed_up(data: Path, backups: Path, own: Mapping[str, str]) -> Path:
    """The data before its first change; an upgrade that goes on keeps the backup it began with."""
    marked = _marked(data)
    if marked and (Path(marked) / backing.MANIFEST).exists():
        print(f"Going on with the upgrade whose backup is {marked}", flush=True)
        return Path(marked)
    try:
        room.check(backups, data, own)
        backup = backing.make(backups, own)
        print(f"Backup: {backup} (keep secrets.env elsewhere)", flush=True)
        _mark(data, backup)
    except (Trouble, OSError, psycopg.Error) as fault:
        reason = " ".join(str(fault).split()).rstrip(".")
        raise Trouble(
            f"The upgrade did not begin: {reason}. Nothing was changed, and Medet does not run: when that is mended "
            f"run `make upgrade` again, or `git checkout` the release before and start that: it fits the "
            f"data as they are."
        ) from fault
    return backup


def _marked(data: Path) -> str:
    """The backup of an upgrade that was not finished."""
    if not (data / MARK).exists():
        return ""
    return str(json.loads((data / MARK).read_text("utf-8"))["backup"])


def _mark(data: Path, backup: Path) -> None:
    fresh = data / f".{MARK}.new"
    fresh.write_text(json.dumps({"backup": str(backup), "at": datetime.now(UTC).isoformat()}), "utf-8")
    fresh.replace(data / MARK)
