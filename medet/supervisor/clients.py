"""PostgreSQL's own programs (pg_dump, pg_restore) against an address; the password never stands in their words."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from medet.supervisor.binaries import candidates, version
from medet.supervisor.trouble import Trouble

OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def program(name: str, url: str, env: Mapping[str, str]) -> Path:
    """The oldest that is not older than the server: a newer one may write what the server's own cannot read."""
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10_000
    found = sorted((version(folder), str(folder)) for folder in candidates(env) if (folder / name).exists())
    for major, folder in found:
        if major >= server:
            return Path(folder) / name
    raise Trouble(f"{name} of PostgreSQL {server} or newer was not found: install it or set PG_BINDIR.")


def environment(url: str) -> dict[str, str]:
    """The address as libpq's variables."""
    parts = urlsplit(url)
    options = {OPTIONS[name]: value for name, value in parse_qsl(parts.query) if name in OPTIONS}
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        **options,
    }


COUNTED = """
select c.oid::regclass::text from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
   and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1
"""


def counts(connection: "psycopg.Connection") -> dict[str, int]:
    """Rows of every table, as this transaction sees them; asked by the owner, who sees all."""
    tables = [row[0] for row in connection.execute(COUNTED).fetchall()]
    found = {}
    for table in tables:
        row = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 -- a name from the catalogue
        found[table] = int(row[0]) if row else 0
    return found
