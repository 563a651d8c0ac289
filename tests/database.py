"""The tests' own cluster: a template migrated once as the owner, and databases copied from it.

Tests connect as the application, so each of them also proves that its rights suffice and are not too wide.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import django
import psycopg
from psycopg import sql

from medet.supervisor import clients, roles
from medet.supervisor.folders import CHECKOUT, short_hash
from medet.supervisor.lock import FolderLock
from medet.supervisor.postgres import Postgres
from medet.supervisor.trouble import Trouble
from medet.supervisor.users import service_user

# Below the checkout; or where the system forgets it one day, when root's checkout is closed to the service user.
INSIDE, OUTSIDE = CHECKOUT / ".data" / "tests", Path("/var/tmp") / f"medet-tests-{short_hash(CHECKOUT)}"
# Everything that shapes a migrated, empty database: a change of any of it makes a new template.
SHAPES = ("**/migrations/*.py", "base/**/*.py", "**/*.sql", "**/*.yaml", "settings.py")


class TestDatabases:
    """A running cluster and the databases made in it."""

    __test__ = False

    def __init__(self, postgres: Postgres) -> None:
        self.postgres = postgres
        self.template = template_name()
        with self.superuser() as connection:
            self._drop_left_overs(connection)
            if not exists(connection, self.template):
                self._make_template(connection)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        """Autocommit, because databases are made outside transactions."""
        with psycopg.connect(self.postgres.url(roles.SUPERUSER, "postgres"), autocommit=True) as connection:
            yield connection

    @contextmanager
    def copy(self) -> Iterator[dict[str, str]]:
        """A fresh migrated database; yields the addresses of both roles and drops it afterwards."""
        name = f"medet_run_{uuid4().hex[:12]}"
        with self.superuser() as connection:
            create(connection, name, template=self.template)
        try:
            yield self.addresses(name)
        finally:
            with self.superuser() as connection:
                drop(connection, name)

    def addresses(self, name: str) -> dict[str, str]:
        """What child processes need to find a database."""
        url = self.postgres.url
        return {"DATABASE_URL": url(roles.APP, name), "MEDET_OWNER_URL": url(roles.OWNER, name)}

    def _make_template(self, connection: psycopg.Connection) -> None:
        fresh = f"{self.template}_new"
        create(connection, fresh, template="template1")
        with migrated_once(self.template) as dump:
            if not (dump.exists() and self._restored(dump, fresh)):
                self._migrate(fresh)
                self._dump(dump, fresh)
        rename = sql.SQL("alter database {} rename to {}")
        connection.execute(rename.format(sql.Identifier(fresh), sql.Identifier(self.template)))

    def _migrate(self, name: str) -> None:
        env = os.environ | self.addresses(name) | {"MEDET_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "medet.settings"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, check=True, cwd=CHECKOUT, env=env)

    def _dump(self, dump: Path, name: str) -> None:
        fresh = dump.with_suffix(".new")
        if self._tool("pg_dump", name, "--format=custom", f"--file={fresh}"):
            fresh.rename(dump)

    def _restored(self, dump: Path, name: str) -> bool:
        return self._tool("pg_restore", name, "--exit-on-error", "--single-transaction", f"--dbname={name}", str(dump))

    def _tool(self, program: str, name: str, *words: str) -> bool:
        """False where this server's own tools are missing: the wheel's 18 beside Debian's 15."""
        url = self.postgres.url(roles.SUPERUSER, name)
        try:
            path = clients.program(program, url, os.environ)
        except Trouble:
            return False
        subprocess.run([path, *words], check=True, env=clients.environment(url))
        return True

    def _drop_left_overs(self, connection: psycopg.Connection) -> None:
        rows = connection.execute("select datname from pg_database where datname ~ '^medet_(run|template)_'").fetchall()
        for (name,) in rows:
            if name != self.template:
                drop(connection, name)


@contextmanager
def migrated_once(template: str) -> Iterator[Path]:
    """The dump of the migrated database; whoever comes first makes it and the others wait, since migrating costs
    more than restoring does."""
    root = root_of_slots()
    with (root / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        dump = root / f"{template}.dump"
        for old in set(root.glob("*.dump")) - {dump}:
            old.unlink()
        yield dump


def template_name() -> str:
    """Named by what it was made from, so an unchanged tree reuses it."""
    digest = hashlib.sha256(f"{django.__version__}".encode())
    product = CHECKOUT / "medet"
    for path in sorted({path for shape in SHAPES for path in product.glob(shape)}):
        digest.update(str(path.relative_to(product)).encode() + b"\0" + path.read_bytes())
    return f"medet_template_{digest.hexdigest()[:16]}"


def exists(connection: psycopg.Connection, name: str) -> bool:
    """Whether there is such a database."""
    return connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def create(connection: psycopg.Connection, name: str, *, template: str) -> None:
    """Owned by the owner's role, as in production."""
    statement = sql.SQL("create database {} owner {} template {}")
    connection.execute(statement.format(*map(sql.Identifier, (name, roles.OWNER, template))))


def drop(connection: psycopg.Connection, name: str) -> None:
    """Whoever is still connected is sent away."""
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@contextmanager
def test_cluster() -> Iterator[Postgres]:
    """The first free slot of the tests' clusters: two runs at once never share a server. Data stays warm."""
    slot, lock = take_slot()
    try:
        # Who looked at an empty table in between would change the plans that tests ask for.
        with Postgres(slot, durable=False, options={"max_connections": "200", "autovacuum": "off"}) as postgres:
            yield postgres
    finally:
        lock.release()


test_cluster.__test__ = False  # type: ignore[attr-defined]


def root_of_slots() -> Path:
    """Where the service user reaches the clusters of the tests."""
    user = service_user()
    root = INSIDE if user is None or user.may("x", CHECKOUT) else OUTSIDE
    named = os.environ.get("PG_BINDIR")  # another server's data is of another version
    return root / short_hash(Path(named)) if named else root


def take_slot() -> tuple[Path, FolderLock]:
    """A folder nobody else uses now."""
    root = root_of_slots()
    for number in range(64):
        slot = root / str(number)
        slot.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(slot / "session.lock")
        if lock.take():
            return slot, lock
    raise RuntimeError(f"64 test runs at once below {root}?")


def settings_entry(url: str) -> dict[str, str]:
    """The part of Django's entry that changes from database to database."""
    parts = urlsplit(url)
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port),
    }
