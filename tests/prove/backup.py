"""`make prove-backup`: a backup under write load, everything destroyed, a restore; the client's ledger must be equal.

Writers note each row only after its commit has come back, with its transaction's number. The backup says which
transactions its snapshot saw: exactly the noted rows of these must come back, no more and no fewer.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg

from medet.supervisor import backing, restoring, roles, sealing, secrets
from medet.supervisor.environment import product_environment
from medet.supervisor.folders import CHECKOUT
from medet.supervisor.postgres import Postgres
from tests.prove.figures import keep, table

WRITE = """
insert into journal_entry (at, kind, code, values, object_uid, by_label)
values (now(), 'proof.write', '', '{}', %s, 'worker') returning xid
"""
FILL = """
insert into journal_entry (at, kind, code, values, object_uid, by_label)
select now(), 'proof.filler', md5(n::text), jsonb_build_object('text', md5(n::text) || md5((n + 1)::text)),
       gen_random_uuid(), 'worker' from generate_series(1, %s) n
"""


@dataclass
class Ledger:
    """What the client knows to be committed: the row's uid and its transaction."""

    rows: list[tuple[str, int]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)

    def write(self, url: str) -> None:
        """As fast as the server takes them, until told to stop."""
        try:
            with psycopg.connect(url) as connection:
                while not self.stop.is_set():
                    self.note(connection, hold_s=0)
        except BaseException as fault:
            self.faults.append(fault)

    def note(self, connection: psycopg.Connection, *, hold_s: float) -> None:
        """One row; `hold_s`: how long its transaction stays open."""
        uid = str(uuid4())
        row = connection.execute(WRITE, [uid]).fetchone()
        if hold_s:
            self.stop.wait(hold_s)
        connection.commit()
        assert row
        self.rows.append((uid, int(row[0])))

    def write_slowly(self, url: str) -> None:
        """Transactions that are open while the snapshot is taken."""
        with psycopg.connect(url) as connection:
            while not self.stop.is_set():
                self.note(connection, hold_s=0.4)


@dataclass(frozen=True)
class Proof:
    """What was seen."""

    noted: int
    expected: int
    restored: int
    equal: bool
    newer_numbers: bool
    backup_s: float
    restore_s: float
    megabytes: float
    rows: int
    oldest: int


def prove(folder: Path, *, writers: int, seconds: float, filler: int = 0, used: int = 0) -> Proof:
    """The whole way, below a folder every user can reach; `used`: transactions of the years before."""
    first, second, store, keys = (folder / name for name in ("first", "second", "store", "keys.env"))
    ledger = Ledger()
    if used:
        restoring.skip_numbers(first, own_environment(first), used=used)
    with running(first) as (postgres, env):
        with psycopg.connect(postgres.url(roles.OWNER)) as owner:
            owner.execute(FILL, [filler])
        with writing(ledger, env["DATABASE_URL"], writers):
            time_passes(ledger, seconds / 2)
            begun = time.monotonic()
            backup = backing.make(store, env)
            backup_s = time.monotonic() - begun
            time_passes(ledger, seconds / 2)
    shutil.copy(first / secrets.FILE, keys)
    shutil.rmtree(first)
    begun = time.monotonic()
    restoring.restore(backup, own_environment(second), keys=keys)
    restore_s = time.monotonic() - begun
    manifest, _key = backing.read_manifest(backup, sealing.keys_of(secrets.load(keys)["MEDET_FIELD_KEY"]))
    expected = {uid for uid, xid in ledger.rows if seen_by(manifest["snapshot"], xid)}
    with running(second, migrated=True) as (postgres, _env), psycopg.connect(postgres.url(roles.OWNER)) as owner:
        found = {
            str(row[0]) for row in owner.execute("select object_uid from journal_entry where kind = 'proof.write'")
        }
        [number] = owner.execute("select pg_current_xact_id()::text::bigint").fetchone() or (0,)
        [largest] = owner.execute("select max(xid) from journal_entry").fetchone() or (0,)
    return Proof(
        noted=len(ledger.rows),
        expected=len(expected),
        restored=len(found),
        equal=found == expected,
        newer_numbers=number > largest,
        backup_s=backup_s,
        restore_s=restore_s,
        megabytes=sum(path.stat().st_size for path in backup.iterdir()) / 1e6,
        rows=sum(manifest["rows"].values()),
        oldest=min(xid for _uid, xid in ledger.rows),
    )


def own_environment(data: Path) -> dict[str, str]:
    """Ours without what would lead the supervisor elsewhere."""
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("MEDET_")}
    return kept | {"MEDET_DATA": str(data)}


@contextmanager
def running(data: Path, *, migrated: bool = False) -> Iterator[tuple[Postgres, dict[str, str]]]:
    """A cluster of its own with the product's tables."""
    with Postgres(data, env=own_environment(data)) as postgres:
        env = product_environment(data, postgres, own_environment(data))
        if not migrated:
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, check=True, cwd=CHECKOUT, env=env | {"MEDET_DB_ROLE": "owner"})
        yield postgres, env


@contextmanager
def writing(ledger: Ledger, url: str, writers: int) -> Iterator[None]:
    """Several clients, and one whose transactions are long."""
    threads = [threading.Thread(target=ledger.write, args=(url,)) for _ in range(writers)]
    threads.append(threading.Thread(target=ledger.write_slowly, args=(url,)))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ledger.stop.set()
        for thread in threads:
            thread.join()
    assert ledger.faults == []


def time_passes(ledger: Ledger, seconds: float) -> None:
    """Until so much time has passed and something more was committed."""
    before, end = len(ledger.rows), time.monotonic() + seconds
    while time.monotonic() < end or len(ledger.rows) == before:
        assert not ledger.faults, ledger.faults
        ledger.stop.wait(0.02)


def seen_by(snapshot: str, xid: int) -> bool:
    """`xmin:xmax:in progress` of PostgreSQL."""
    low, high, open_ = snapshot.split(":")
    return xid < int(high) and (xid < int(low) or str(xid) not in open_.split(","))


A_YEAR = 70_000_000  # transactions
SIZES: tuple[Mapping[str, int], ...] = (
    {"writers": 4, "seconds": 20, "filler": 0},
    {"writers": 4, "seconds": 20, "filler": 1_000_000},
    {"writers": 4, "seconds": 20, "filler": 0, "used": A_YEAR},
)


def main() -> int:
    """Two sizes, and a counter a year old; fails when a ledger is not equal."""
    proofs = []
    for size in SIZES:
        folder = Path(tempfile.mkdtemp(prefix="medet-prove-")).resolve()
        folder.chmod(0o755)
        try:
            proofs.append(prove(folder, **size))
        finally:
            shutil.rmtree(folder)
    head = (
        "rows in all",
        "transactions before, millions",
        "backup, MB",
        "noted commits",
        "of them before the snapshot",
        "restored",
        "equal",
        "backup, min",
        "restore, min",
    )
    rows = [
        (one.rows, one.oldest // 1_000_000,
         f"{one.megabytes:.1f}", one.noted, one.expected, one.restored, "yes" if one.equal else "NO",
         f"{one.backup_s / 60:.2f}", f"{one.restore_s / 60:.2f}")
        for one in proofs
    ]  # fmt: skip
    keep("backup", title="Backup under write load, destroyed, restored", body=table(head, rows))
    return 0 if all(one.equal and one.newer_numbers for one in proofs) else 1


if __name__ == "__main__":
    sys.exit(main())
