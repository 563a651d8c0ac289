"""The environment of a running demo or installation, kept in its data folder for commands typed beside it."""

import json
import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from medet.supervisor.folders import data_folder
from medet.supervisor.lock import FolderLock

FILE, LOCK = "running.json", "run.lock"


def remember(data: Path, env: Mapping[str, str]) -> None:
    """Keep what the processes were given."""
    write(data / FILE, {name: value for name, value in env.items() if is_ours(name)})


def write(path: Path, env: Mapping[str, str]) -> None:
    """In one step, and for the owner's eyes only, since it holds passwords."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(dict(env), stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def is_ours(name: str) -> bool:
    """Only what Medet reads; the rest of our environment is nobody's business."""
    return name == "DATABASE_URL" or name.startswith("MEDET_")


def forget(data: Path) -> None:
    """Nothing runs any more."""
    (data / FILE).unlink(missing_ok=True)


def recall(data: Path) -> dict[str, str]:
    """What runs from this folder now; empty when its owner is gone, however it went."""
    lock = FolderLock(data / LOCK)
    if not (data / FILE).exists() or lock.take():
        lock.release()
        return {}
    try:
        kept = json.loads((data / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in kept.items()}


def adopt(environ: MutableMapping[str, str]) -> None:
    """For manage.py: a command without a database of its own joins what runs from the data folder."""
    if "DATABASE_URL" not in environ:
        for name, value in recall(data_folder(environ)).items():
            environ.setdefault(name, value)
