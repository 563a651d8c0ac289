"""A backup into an empty data folder: verified before anything is written, and counted afterwards."""

import os
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import psycopg

from medet.supervisor import backing, clients, current, last, roles, sealing, secrets
from medet.supervisor.binaries import find
from medet.supervisor.folders import data_folder, make_folder
from medet.supervisor.lock import FolderLock
from medet.supervisor.postgres import Postgres
from medet.supervisor.spawn import shim
from medet.supervisor.trouble import Trouble

BURN = """
do $$
declare reached xid8;
begin
  loop
    reached := pg_current_xact_id();
    exit when reached > '{target}'::xid8;
    commit;
  end loop;
end $$
"""
SEGMENT = 1 << 20  # transactions a file of PostgreSQL's commit log holds: only such a number may be begun with
NEAR = 100_000  # used up one by one sooner than the server is started again
FARTHEST = 1 << 30  # of two thousand million that PostgreSQL can look back over


def restore(backup: Path, env: Mapping[str, str], *, keys: Path | None) -> str:
    """One sentence of what came back."""
    begun, data = time.monotonic(), data_folder(env).resolve()
    make_folder(data)
    lock = FolderLock(data / current.LOCK)
    if not lock.take():
        raise Trouble(f"Medet runs from {data}: end it first.")
    try:
        held = _keys(data, env, keys)
        manifest, key = backing.read_manifest(backup, sealing.keys_of(held))
        _take_keys(data, keys)
        with _owner(data, env, used=_used(manifest)) as url:
            _database(backup, manifest, key, url, env)
        last.forget(data)  # it may be another database than the one of before
        _files(backup, data, key)
    finally:
        lock.release()
    rows = sum(manifest["rows"].values())
    return (
        f"Restored the backup of {manifest['made_at'][:16]} UTC in {time.monotonic() - begun:.0f} s: "
        f"{rows} rows in {len(manifest['rows'])} tables, each counted. Now: make serve"
    )


def _keys(data: Path, env: Mapping[str, str], keys: Path | None) -> str:
    """The field key of the given file, of the folder, or of the environment; nothing is written yet."""
    own = data / secrets.FILE
    if keys and own.exists() and secrets.load(keys) != secrets.load(own):
        raise Trouble(f"{data} has other keys already: set MEDET_DATA to an empty folder.")
    if keys or own.exists():
        return secrets.load(keys or own)["MEDET_FIELD_KEY"]
    if env.get("MEDET_FIELD_KEY"):
        return env["MEDET_FIELD_KEY"]
    raise Trouble("Name your copy of secrets.env: --keys FILE. Without it a backup cannot be read.")


def _take_keys(data: Path, keys: Path | None) -> None:
    own = data / secrets.FILE
    if keys and not own.exists():
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(keys.read_bytes())


def _used(manifest: dict) -> int:  # type: ignore[type-arg]
    """The backup holds no transaction of this number or above."""
    return int(manifest["snapshot"].split(":")[1])


@contextmanager
def _owner(data: Path, env: Mapping[str, str], *, used: int) -> Iterator[str]:
    """The owner's address in the administrator's own server, or in ours."""
    if env.get("DATABASE_URL"):
        if not env.get("MEDET_OWNER_URL"):
            raise Trouble("DATABASE_URL is set, but MEDET_OWNER_URL, with which the tables are made, is not.")
        yield env["MEDET_OWNER_URL"]
        return
    skip_numbers(data, env, used=used)
    with _ours(data, env) as postgres:
        yield postgres.url(roles.OWNER)


@contextmanager
def _ours(data: Path, env: Mapping[str, str]) -> Iterator[Postgres]:
    with Postgres(data, env=env) as postgres:
        if postgres.attached:
            raise Trouble(f"Another command runs the PostgreSQL of {data}: end it first.")
        yield postgres


def skip_numbers(data: Path, env: Mapping[str, str], *, used: int) -> None:
    """An empty server of ours gives transactions numbers above those used: at once, where a year of them would take
    half an hour to use up. What this leaves out is used up after the restore."""
    first = (used // SEGMENT + 1) * SEGMENT
    with _ours(data, env) as postgres, psycopg.connect(postgres.url(roles.OWNER), autocommit=True) as connection:
        row = connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        reached = int(row[0]) if row else 0
        if clients.counts(connection) or used - reached < NEAR or first > FARTHEST:
            return
    _begin_with(postgres, env, first)


def _begin_with(postgres: Postgres, env: Mapping[str, str], number: int) -> None:
    """The server has ended; if it did not end well its program changes nothing, and the old way is still there."""
    major = int((postgres.pgdata / "PG_VERSION").read_text())
    binaries = find(env, major=major, user=postgres.user, place=postgres.folder)
    words = [str(binaries.folder / "pg_resetwal"), f"--next-transaction-id={number}", "-D", str(postgres.pgdata)]
    before = shim(user=postgres.user, death_signal=signal.SIGKILL, own_session=True)
    plain = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    subprocess.run([*before, *words], check=False, capture_output=True, cwd="/", env=plain)


def _database(backup: Path, manifest: dict, key: bytes, url: str, env: Mapping[str, str]) -> None:  # type: ignore[type-arg]
    with psycopg.connect(url, autocommit=True) as connection:
        if clients.counts(connection):
            raise Trouble("The database is not empty: a backup is restored into an empty one only.")
        if connection.info.server_version // 10_000 < manifest["server"]:
            raise Trouble(f"The backup is of PostgreSQL {manifest['server']}: set PG_BINDIR to that one or a newer.")
    program = clients.program("pg_restore", url, env)
    words = [str(program), "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={_name(url)}"]
    _fed(words, clients.environment(url), backup / backing.DATABASE, key)
    with psycopg.connect(url, autocommit=True) as connection:
        found = clients.counts(connection)
        wrong = [table for table, count in manifest["rows"].items() if found.get(table) != count]
        if wrong:
            raise Trouble(f"The restored database differs from the backup in: {', '.join(wrong)}.")
        # Readers of the journal go by transaction numbers: new ones must lie above all that were used.
        connection.execute("set synchronous_commit = off")
        connection.execute(BURN.format(target=_used(manifest)))
        connection.execute("analyze")


def _name(url: str) -> str:
    return clients.environment(url)["PGDATABASE"]


def _fed(words: list[str], env: dict[str, str], source: Path, key: bytes) -> None:
    with (
        source.open("rb") as stream,
        subprocess.Popen(
            words, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stderr is not None
        try:
            for piece in sealing.opened(stream, key):
                child.stdin.write(piece)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it has ended; why, it says itself
        said = child.stderr.read().decode("utf-8", "replace")
        if child.wait() != 0:
            raise Trouble(f"pg_restore failed: {' '.join(said.split())[-400:]}")


def _files(backup: Path, data: Path, key: bytes) -> None:
    with (backup / backing.FILES).open("rb") as stream:
        packed = b"".join(sealing.opened(stream, key))
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for name in backing.KEPT:
            if name != "kind" and (data / name).is_dir():
                shutil.rmtree(data / name)
        archive.extractall(data, filter="data")
