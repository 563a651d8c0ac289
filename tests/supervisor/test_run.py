"""What a command finds around it, and the sentences when it cannot be started."""

import subprocess
import sys
from pathlib import Path

import pytest

from medet.supervisor import secrets
from medet.supervisor.trouble import Trouble
from tests.supervisor.conftest import clean_environment

pytestmark = pytest.mark.timeout(60)
SHOW = "import os; [print(f'{n}={v}') for n, v in os.environ.items() if n.startswith(('MEDET', 'DATABASE'))]"


def run(data: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The supervisor around a command."""
    words = [sys.executable, "-m", "medet.supervisor", "run", "--data", str(data), "--", *command]
    return subprocess.run(words, env=clean_environment() | env, capture_output=True, text=True, check=False)


def test_the_command_gets_addresses_and_secrets_but_no_superuser(warm: Path) -> None:
    done = run(warm, sys.executable, "-c", SHOW)
    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert found.keys() == {"DATABASE_URL", "MEDET_OWNER_URL", "MEDET_SECRET_KEY", "MEDET_FIELD_KEY", "MEDET_DATA"}
    assert found["DATABASE_URL"].startswith("postgresql://medet_app:")
    assert found["MEDET_OWNER_URL"].startswith("postgresql://medet_owner:")
    assert len(bytes.fromhex(found["MEDET_FIELD_KEY"])) == 32
    assert (warm / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_the_commands_exit_code_is_ours(warm: Path) -> None:
    assert run(warm, "sh", "-c", "exit 7").returncode == 7


ROLES = """
import os, psycopg
app = psycopg.connect(os.environ['DATABASE_URL'])
owner = psycopg.connect(os.environ['MEDET_OWNER_URL'], autocommit=True)
print(owner.execute('select array_agg(extname::text order by extname::text) from pg_extension').fetchone()[0])
rights = "select rolname::text, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname ~ '^medet_' order by 1"
print(owner.execute(rights).fetchall())
owner.execute('create database test_of_owner')
owner.execute('drop database test_of_owner')
try:
    app.execute('create table mine (n int)')
except psycopg.errors.InsufficientPrivilege:
    print('refused')
app.close()
owner.close()
"""


def test_roles(warm: Path) -> None:
    done = run(warm, sys.executable, "-c", ROLES)
    assert done.stdout.splitlines() == [
        "['btree_gist', 'fuzzystrmatch', 'pg_trgm', 'plpgsql', 'unaccent']",
        "[('medet_app', False, False, False), ('medet_owner', False, False, True)]",
        "refused",
    ], done.stderr


def test_a_database_of_the_administrator_is_used_and_nothing_started(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-c", SHOW, DATABASE_URL="postgresql://app@db.example/medet")
    assert "DATABASE_URL=postgresql://app@db.example/medet\n" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"secrets.env"}


def test_lost_secrets_are_one_sentence(warm: Path) -> None:
    assert run(warm, "true").returncode == 0
    file = warm / "secrets.env"
    kept = file.read_bytes()
    file.unlink()
    try:
        done = run(warm, "true")
        assert done.returncode == 1
        assert "do not fit the data in" in done.stderr
        assert done.stderr.count("\n") == 1
    finally:
        file.write_bytes(kept)
    assert run(warm, "true").returncode == 0


def test_a_damaged_secrets_file_names_the_line(tmp_path: Path) -> None:
    secrets.load_or_create(tmp_path)
    file = tmp_path / "secrets.env"
    file.write_text("".join(line for line in file.read_text().splitlines(keepends=True) if "FIELD" not in line))
    with pytest.raises(Trouble, match="has no MEDET_FIELD_KEY"):
        secrets.load_or_create(tmp_path)


def test_secrets_are_made_once(tmp_path: Path) -> None:
    assert secrets.load_or_create(tmp_path) == secrets.load_or_create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_the_servers_process_knows_no_secret(warm: Path) -> None:
    code = """
import os, psutil
server = [p for p in psutil.Process(os.getppid()).children() if p.name() == 'postgres'][0]
print(sorted(server.environ()), server.username())
"""
    done = run(warm, sys.executable, "-c", code)
    assert done.stdout.startswith("['LC_ALL', 'PATH']"), done.stderr
