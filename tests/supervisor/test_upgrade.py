"""An upgrade works on what the service ran on; one that fails leaves the data as they were, the next one succeeds."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from medet.supervisor import backing, clients, current, last, product, releases, room, sealing, secrets, units
from medet.supervisor.environment import product_environment
from medet.supervisor.folders import CHECKOUT
from medet.supervisor.ports import free_port
from medet.supervisor.trouble import Trouble
from tests.database import TestDatabases
from tests.supervisor.conftest import clean_environment
from tests.supervisor.test_product import address

pytestmark = pytest.mark.timeout(300)
# The release before this one, as far as the database goes; its last migration makes two tables.
BEFORE, TABLES = ("staff", "0003_invitation"), {"staff_shareddevice", "staff_devicepin"}
# What the service runs; the upgrade knows no difference.
SERVICE = """
import sys
from medet.supervisor.product import Part, Run, run
stand_in = Part("web", ("http.server", "--bind", "{MEDET_LISTEN}", "{MEDET_WEB_PORT}"), module="http.server")
sys.exit(run(Run(kind="serve", parts=(stand_in,), steps=(), ports={"MEDET_WEB_PORT": 8000})))
"""
Service = Callable[..., "subprocess.Popen[str]"]


@dataclass
class Theirs:
    """A database of the administrator's own PostgreSQL, as the release before left it, and folders for services."""

    settings: dict[str, str]
    folder: Path

    def does(self, *words: LiteralString) -> None:
        """As the owner of the tables."""
        with psycopg.connect(self.settings[last.OWNER], autocommit=True) as connection:
            for one in words:
                connection.execute(one)

    def look(self) -> dict[str, int]:
        """The rows of every table."""
        with psycopg.connect(self.settings[last.OWNER]) as connection:
            return clients.counts(connection)


@pytest.fixture
def theirs(databases: TestDatabases, open_folder: Path) -> Iterator[Theirs]:
    with databases.copy() as addresses:
        env = product_environment(open_folder, None, clean_environment() | addresses) | {"MEDET_DB_ROLE": "owner"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *BEFORE]
        subprocess.run(command, check=True, cwd=CHECKOUT, env=env)
        yield Theirs(addresses | {"MEDET_BACKUPS": str(open_folder / "backups")}, open_folder)


@pytest.fixture
def service() -> Iterator[Service]:
    """Starts what systemd would, and ends it."""
    made: list[subprocess.Popen[str]] = []

    def begin(data: Path, **env: str) -> "subprocess.Popen[str]":
        given = {"MEDET_DATA": str(data), "MEDET_HTTPS": "0", "MEDET_UNIT": "1", "MEDET_WEB_PORT": str(free_port())}
        made.append(
            subprocess.Popen(
                [sys.executable, "-c", SERVICE],
                cwd=CHECKOUT,
                env=clean_environment() | given | env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        address(made[0])
        return made[0]

    yield begin
    for process in made:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=40)


def upgrade(data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """From a shell that knows of no /etc/medet.env."""
    return typed("upgrade", data, **env)


def typed(what: str, data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medet.supervisor", what],
        cwd=CHECKOUT,
        env=clean_environment() | {"MEDET_DATA": str(data)} | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_can_be_refused_is_refused_while_the_service_runs(theirs: Theirs, service: Service) -> None:
    data, before = theirs.folder / "refused", theirs.look()
    running = service(data, **theirs.settings)
    in_the_way = theirs.folder / "file"
    in_the_way.touch()

    def refused(sentence: str, **env: str) -> None:
        done = upgrade(data, **env)
        assert done.returncode == 1, done.stdout
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
        assert running.poll() is None
        assert not (data / releases.MARK).exists()

    elsewhere = theirs.settings[last.DATABASE] + "_other"
    refused("last ran on the database 127.0.0.1:", DATABASE_URL=elsewhere, MEDET_OWNER_URL=theirs.settings[last.OWNER])
    refused("No backup can be written to", MEDET_BACKUPS=str(in_the_way / "backups"))
    refused("by the last one, medet-20261124-203109", MEDET_BACKUPS=str(after_a_huge_one(theirs.folder / "small")))
    theirs.does("insert into django_migrations (app, name, applied) values ('staff', '0999_later', now())")
    try:
        refused("The data is of a newer release than this code")
    finally:
        theirs.does("delete from django_migrations where name = '0999_later'")
    assert theirs.look() == before
    assert list((theirs.folder / "backups").iterdir()) == []


def after_a_huge_one(folder: Path) -> Path:
    """A place whose last backup was larger than what is free there now."""
    (last_one := folder / "medet-20261124-203109").mkdir(parents=True)
    (last_one / backing.MANIFEST).touch()
    with (last_one / backing.DATABASE).open("wb") as stream:
        stream.truncate(shutil.disk_usage(folder).free)
    return folder


def test_a_full_disk_is_known_before_the_first_change(databases: TestDatabases, tmp_path: Path) -> None:
    data, backups = tmp_path / "data", tmp_path / "backups"
    (data / "media").mkdir(parents=True)
    (backups / "medet-20261124-203109").mkdir(parents=True)  # one that broke off is none
    with databases.copy() as addresses:
        own = product_environment(data, None, addresses)
        room.check(backups, data, own)
        (data / f".{releases.MARK}.new").mkdir()  # nothing can be written there
        said = r"The upgrade did not begin: .*Is a directory: .*upgrade\.json.* or `git checkout` the release before"
        (tmp_path / "other").mkdir()
        with pytest.raises(Trouble, match=said):
            releases.backed_up(data, tmp_path / "other", own)
        with (data / "media" / "recording").open("wb") as stream:
            stream.truncate(shutil.disk_usage(tmp_path).free)  # a hole: it takes nothing
        with pytest.raises(Trouble, match=r"No room for a backup in .* \(the database and the files as they are"):
            releases.backed_up(data, backups, own)
    assert not (data / releases.MARK).exists()


def test_an_upgrade_that_fails_in_the_middle_changes_nothing_and_the_next_one_succeeds(
    theirs: Theirs, service: Service
) -> None:
    data, backups = theirs.folder / "failing", theirs.folder / "backups"
    running = service(data, **theirs.settings)
    before = theirs.look()

    theirs.does("create table stray (n int)", "revoke all on stray from medet_owner")
    said = upgrade(data).stderr
    assert "The upgrade did not begin: permission denied for table stray. Nothing was changed" in said
    assert "Traceback" not in said
    assert running.wait(40) == 0, "it was asked to end, and ended in order"
    assert list(backups.iterdir()) == []
    assert not (data / releases.MARK).exists()
    theirs.does("drop table stray")
    assert theirs.look() == before

    theirs.does("create table staff_devicepin (in_the_way int)")
    said = upgrade(data).stderr
    [backup] = backups.iterdir()
    assert "`manage.py migrate` failed" in said
    assert f"restore the backup {backup} into an empty folder" in said
    assert theirs.look() == before | {"staff_devicepin": 0}, "also the table that could have been made"
    assert "An upgrade was not finished, so nothing is started" in typed("serve", data, **theirs.settings).stderr
    theirs.does("drop table staff_devicepin")

    done = upgrade(data)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Going on with the upgrade whose backup is {backup}" in done.stdout
    assert list(backups.iterdir()) == [backup], "what was kept is from before the first change"
    assert backing.read_manifest(backup, keys(data))[0]["rows"] == before | {"staff_devicepin": 0}
    assert theirs.look().keys() == before.keys() | TABLES
    assert not (data / releases.MARK).exists()
    assert not (data / "postgres").exists(), "no database but the service's was touched"


def keys(data: Path) -> list[bytes]:
    """Of the folder's secrets."""
    return sealing.keys_of(secrets.load(data / secrets.FILE)["MEDET_FIELD_KEY"])


def served(data: Path, **given: str) -> None:
    """As a start would leave it."""
    data.mkdir()
    (data / product.KIND).write_text("serve\n")
    last.keep(data, given)


THERE = {last.DATABASE: "postgresql://medet_app:a@db.example/medet", last.OWNER: "postgresql://o:b@db.example/medet"}


def test_the_shell_goes_before_the_service_but_never_to_another_database(tmp_path: Path) -> None:
    data = tmp_path / "data"
    served(data, **THERE, MEDET_BACKUPS="/mnt/backups", PATH="/bin", MEDET_UNIT="1", PG_BINDIR="/opt/pg")
    both = last.joined(data, {"MEDET_BACKUPS": "/here", "HOME": "/"}, {})
    assert both == {**THERE, "MEDET_BACKUPS": "/here", "HOME": "/", "PG_BINDIR": "/opt/pg"}
    other_password = {
        name: url.replace(":a@", ":c@").replace(".example", ".example:5432") for name, url in THERE.items()
    }
    last.check(data, other_password)
    with pytest.raises(Trouble, match=r"last ran on the database db\.example:5432/medet, and DATABASE_URL now names"):
        last.check(data, {})
    with pytest.raises(Trouble, match="MEDET_OWNER_URL now names the database elsewhere:5432/medet"):
        last.joined(data, {last.OWNER: "postgresql://o@elsewhere/medet"}, {})
    with pytest.raises(Trouble, match="MEDET_OWNER_URL, with which the tables are made, is not"):
        last.check(data, {last.DATABASE: THERE[last.DATABASE]})
    last.forget(data)
    last.check(data, {})
    with pytest.raises(Trouble, match=r"No PostgreSQL ever ran from .*, and DATABASE_URL is not set"):
        last.joined(data, {}, {})


def test_a_service_of_a_release_that_kept_no_settings_tells_them_while_it_runs(tmp_path: Path) -> None:
    running = {**THERE, "MEDET_BACKUPS": "/mnt/backups", releases.PID: "1"}
    assert last.joined(tmp_path, {}, running) == {**THERE, "MEDET_BACKUPS": "/mnt/backups"}
    (tmp_path / "postgres.json").write_text(json.dumps({"folder": "postgres", "port": 5433}))
    own = {name: "postgresql://medet_app:a@127.0.0.1:5433/medet" for name in THERE}
    assert last.joined(tmp_path, {}, running | own) == {"MEDET_BACKUPS": "/mnt/backups"}


def test_a_folder_nothing_was_served_from_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Nothing was ever served from"):
        releases.upgrade({"MEDET_DATA": str(tmp_path / "typo")})
    assert not (tmp_path / "typo").exists()
    (tmp_path / product.KIND).write_text("demo\n")
    with pytest.raises(Trouble, match="holds the data of `make demo`"):
        releases.upgrade({"MEDET_DATA": str(tmp_path)})


def test_the_units_data_folder_is_found_from_a_shell_that_does_not_name_it(tmp_path: Path) -> None:
    assert units.settings(tmp_path / "none") == {}
    for name in ("a", "b"):
        (tmp_path / f"{name}.service").write_text(units.unit({"MEDET_DATA": "/srv/medet"}, user="daemon"))
    (tmp_path / "other.service").write_text("WorkingDirectory=/elsewhere\nEnvironment=MEDET_DATA=/srv/other\n")
    (tmp_path / "gone.service").symlink_to(tmp_path / "nowhere")
    assert units.settings(tmp_path) == {"MEDET_DATA": "/srv/medet"}
    (tmp_path / "b.service").write_text(units.unit({"MEDET_DATA": "/srv/second"}, user="daemon"))
    with pytest.raises(Trouble, match="Several services run from"):
        units.settings(tmp_path)


def test_what_is_kept_is_for_its_owner_only(tmp_path: Path) -> None:
    current.write(tmp_path / last.FILE, {"MEDET_X": "1"})
    assert (tmp_path / last.FILE).stat().st_mode & 0o777 == 0o600
