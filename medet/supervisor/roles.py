"""The roles, the database and the extensions; made by the superuser, who is then not used again.

`medet_owner` owns the tables and migrates; `medet_app` is what every process logs in as, and owns nothing.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DATABASE = "medet"
SUPERUSER, OWNER, APP = "postgres", "medet_owner", "medet_app"
PASSWORDS = {
    SUPERUSER: "MEDET_DB_SUPERUSER_PASSWORD",
    OWNER: "MEDET_DB_OWNER_PASSWORD",
    APP: "MEDET_DB_APP_PASSWORD",
}
# Contrib that both Debian and the wheel carry; pgcrypto is in neither's common set.
EXTENSIONS = ("pg_trgm", "btree_gist", "fuzzystrmatch", "unaccent")


def at_database(url: str, name: str) -> str:
    """The same address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def ensure(url: str, passwords: Mapping[str, str]) -> None:
    """Bring the cluster to the wanted state; runs at every start and changes nothing the second time."""
    # template1 too, so that databases made from it (the tests' ones) have the extensions without a superuser.
    ensure_extensions(at_database(url, "template1"))
    with psycopg.connect(url, autocommit=True) as connection:
        ensure_role(connection, OWNER, passwords[PASSWORDS[OWNER]], "createdb")
        ensure_role(connection, APP, passwords[PASSWORDS[APP]], "nocreatedb")
        ensure_database(connection)
    ensure_extensions(at_database(url, DATABASE))


def ensure_role(connection: psycopg.Connection, role: str, password: str, right: str) -> None:
    """A plain login role; the password is set once, so a later hand-made change is kept."""
    if connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        return
    connection.execute(
        sql.SQL("create role {} login nosuperuser nocreaterole {} password {}").format(
            sql.Identifier(role), sql.SQL(right), sql.Literal(password)
        )
    )


def ensure_database(connection: psycopg.Connection) -> None:
    """The product's database; only the two roles may enter."""
    if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
        return
    connection.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def ensure_extensions(url: str) -> None:
    """Made by the superuser, so the owner can neither drop nor change them."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
