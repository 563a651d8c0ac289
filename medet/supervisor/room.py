"""Whether a disk has room for a backup, asked before anything is ended for it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import psycopg

from medet.supervisor import backing
from medet.supervisor.trouble import Trouble

MIB = 1 << 20
GROWN = 1.25  # what may have come since the last backup
SPARE = 64 * MIB  # what the database and its log write meanwhile


def check(folder: Path, data: Path, env: Mapping[str, str]) -> None:
    """Refuses when the backup could not end."""
    needed, why = _needed(folder, data, env)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"No room for a backup in {folder}: {_shown(needed)} wanted ({why}), {_shown(free)} free. Make room, or "
            f"set MEDET_BACKUPS to another disk."
        )


def _needed(folder: Path, data: Path, env: Mapping[str, str]) -> tuple[int, str]:
    whole = sorted(manifest.parent for manifest in folder.glob(f"medet-*/{backing.MANIFEST}"))
    if whole:
        return int(size_of(whole[-1]) * GROWN) + SPARE, f"by the last one, {whole[-1].name}"
    files = sum(size_of(data / name) for name in backing.KEPT)
    why = "the database and the files as they are; after one `manage.py backup` the size of that counts"
    return _database(env) + files + SPARE, why


def _database(env: Mapping[str, str]) -> int:
    with psycopg.connect(env["MEDET_OWNER_URL"]) as connection:
        (size,) = connection.execute("select pg_database_size(current_database())").fetchone() or (0,)
    return int(size)


def size_of(place: Path) -> int:
    """Of a file, or of a folder with all that lies in it; 0 of what is not there."""
    return sum(_size(one) for one in (place.rglob("*") if place.is_dir() else [place]))


def _size(one: Path) -> int:
    try:
        return one.stat().st_size
    except FileNotFoundError:  # the service still runs: a file may go while we look
        return 0


def _shown(size: int) -> str:
    return f"{-(-size // MIB)} MiB"
