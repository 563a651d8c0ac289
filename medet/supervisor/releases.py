"""`upgrade`: what runs is ended, backed up, brought to this release and started again; never half of it.

The mark `upgrade.json` stands from before the first change of the data until all of it is done: as long as it stands
nothing else starts from the folder.
"""

import json
import os
import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from medet.supervisor import backing, current
from medet.supervisor.environment import running
from medet.supervisor.folders import data_folder, make_folder
from medet.supervisor.lock import FolderLock
from medet.supervisor.trouble import Trouble

MARK = "upgrade.json"
PID, UNIT = "MEDET_SUPERVISOR_PID", "MEDET_UNIT"
END_SECONDS = 150.0


def check(data: Path) -> None:
    """Refuses what an upgrade has left half done."""
    if (data / MARK).exists():
        kept = json.loads((data / MARK).read_text("utf-8"))
        raise Trouble(
            f"An upgrade was not finished, so nothing is started. Run `make upgrade` again, or restore the backup "
            f"{kept['backup']} into an empty folder."
        )


def upgrade(env: Mapping[str, str]) -> bool:
    """True when the caller is to start what ran before; a unit of systemd starts itself."""
    from medet.supervisor import product  # it needs `check`

    data = data_folder(env).resolve()
    make_folder(data)
    lock = FolderLock(data / current.LOCK)
    ran = _end_what_runs(data, lock)
    try:
        with running(env, data=data) as (own, postgres):
            if postgres and postgres.attached:
                raise Trouble(f"Another command runs the PostgreSQL of {data}: end it first.")
            backup = backing.make(Path(env.get("MEDET_BACKUPS") or data / "backups"), own)
            print(f"Backup: {backup} (keep secrets.env elsewhere)", flush=True)
            _mark(data, backup)
            for step in product.STEPS:
                product.prepare(step, own | {"MEDET_UPGRADING": "1"})
            (data / MARK).unlink()
    finally:
        lock.release()
    print("The data is of this release now.", flush=True)
    return bool(ran) and UNIT not in ran


def _end_what_runs(data: Path, lock: FolderLock) -> dict[str, str]:
    """Asks the running supervisor to end, and waits for its lock."""
    if lock.take():
        return {}
    kept = current.recall(data)
    if not kept.get(PID, "").isdigit():
        raise Trouble(f"Something runs from {data} and does not say what: end it first.")
    os.kill(int(kept[PID]), signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    while not lock.take():
        if time.monotonic() > deadline:
            raise Trouble("What runs does not end; nothing was changed.")
        time.sleep(0.2)
    return kept


def _mark(data: Path, backup: Path) -> None:
    fresh = data / f".{MARK}.new"
    fresh.write_text(json.dumps({"backup": str(backup), "at": datetime.now(UTC).isoformat()}), "utf-8")
    fresh.replace(data / MARK)
