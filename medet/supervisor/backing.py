"""A backup: the database as it was at one moment, the files beside it, and a manifest that says what must come back.

The keys are never in it: `secrets.env` is kept elsewhere, or both are lost and stolen together.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg

from medet.supervisor import clients, sealing
from medet.supervisor.folders import make_folder
from medet.supervisor.trouble import Trouble

DATABASE, FILES, MANIFEST = "database.dump.sealed", "files.tar.sealed", "manifest.json"
# Of the data folder: what cannot be made again. The keys are not in this list.
KEPT = ("tls", "media", "kind")
# Medet keeps nothing in large objects, and one that somebody else left there is not the owner's to read.
DUMP = ("--format=custom", "--no-comments", "--no-blobs", "--compress=6")
README = """\
A backup of Medet, made {at} UTC. It is encrypted.

To read it you need your copy of secrets.env (key {key}), which is NOT in this folder. Keep that file in another
place than the backups: whoever has both can read everything, and whoever has lost it can read nothing.

    python -m medet.supervisor restore {name} --keys /path/to/secrets.env
"""


def make(folder: Path, env: Mapping[str, str], *, now: datetime | None = None) -> Path:
    """Whole or not at all: the folder gets its name when everything is on the disk."""
    now = now or datetime.now(UTC)
    url, key = env.get("MEDET_OWNER_URL", ""), sealing.keys_of(env.get("MEDET_FIELD_KEY", ""))
    if not url or not key:
        raise Trouble("A backup needs MEDET_OWNER_URL and MEDET_FIELD_KEY: type it beside a running `make serve`.")
    place = folder.absolute() / f"medet-{now:%Y%m%d-%H%M%S}"
    fresh = place.with_name(f".{place.name}.new")
    make_folder(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    try:
        manifest = {
            "made_at": now.isoformat(),
            "key": sealing.fingerprint(key[0]),
            **_database(fresh, url, env, key[0]),
        }
        manifest["files"] |= _files(fresh, Path(env["MEDET_DATA"]), key[0])
        _write_manifest(fresh, manifest, key[0], name=place.name)
        fresh.rename(place)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return place


def _database(fresh: Path, url: str, env: Mapping[str, str], key: bytes) -> dict[str, Any]:
    """One snapshot for the dump and for the count of rows."""
    program = clients.program("pg_dump", url, env)
    with psycopg.connect(url) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        snapshot, seen, version = connection.execute(
            "select pg_export_snapshot(), pg_current_snapshot()::text, current_setting('server_version_num')::int"
        ).fetchone() or ("", "", 0)
        rows = clients.counts(connection)
        words = [str(program), *DUMP, f"--snapshot={snapshot}"]
        digest, size = _sealed_output(words, clients.environment(url), fresh / DATABASE, key)
    return {
        "server": version // 10_000,
        "snapshot": seen,
        "rows": rows,
        "files": {DATABASE: {"sha256": digest, "bytes": size}},
    }


def _sealed_output(words: list[str], env: dict[str, str], target: Path, key: bytes) -> tuple[str, int]:
    with (
        target.open("wb") as stream,
        subprocess.Popen(
            words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        ) as child,
    ):
        assert child.stdout is not None
        assert child.stderr is not None
        digest = sealing.seal(child.stdout, stream, key)
        said = child.stderr.read().decode("utf-8", "replace")
        if child.wait() != 0:
            raise Trouble(f"pg_dump failed: {' '.join(said.split())[-400:]}")
        stream.flush()
        os.fsync(stream.fileno())
    return digest, target.stat().st_size


def _files(fresh: Path, data: Path, key: bytes) -> dict[str, dict[str, Any]]:
    """Certificates and whatever was uploaded."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in KEPT:
            if (data / name).exists():
                archive.add(data / name, arcname=name)
    packed.seek(0)
    with (fresh / FILES).open("wb") as stream:
        digest = sealing.seal(packed, stream, key)
        stream.flush()
        os.fsync(stream.fileno())
    return {FILES: {"sha256": digest, "bytes": (fresh / FILES).stat().st_size}}


def _write_manifest(fresh: Path, manifest: dict[str, Any], key: bytes, *, name: str) -> None:
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (fresh / MANIFEST).write_text(json.dumps({"manifest": text, "mac": sealing.mac(key, text.encode())}, indent=1))
    (fresh / "README.txt").write_text(README.format(at=manifest["made_at"][:16], key=manifest["key"], name=name))


def read_manifest(backup: Path, keys: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """What must come back, and the key that fits; every file is compared with its checksum first."""
    try:
        outer = json.loads((backup / MANIFEST).read_text("utf-8"))
        manifest: dict[str, Any] = json.loads(outer["manifest"])
    except (OSError, ValueError, KeyError) as fault:
        raise Trouble(f"{backup} is not a whole backup of Medet.") from fault
    key = next((one for one in keys if sealing.fingerprint(one) == manifest.get("key")), None)
    if key is None:
        raise Trouble(f"The backup was made under another key ({manifest.get('key')}): give the right secrets.env.")
    if outer.get("mac") != sealing.mac(key, outer["manifest"].encode()):
        raise Trouble("The manifest of the backup was changed.")
    for name, about in manifest["files"].items():
        if _digest(backup / name) != about["sha256"]:
            raise Trouble(f"{name} of the backup is damaged: its checksum is another.")
    return manifest, key


def _digest(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
