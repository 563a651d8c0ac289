"""One PostgreSQL server as a child of this process: made on first start, ended with us, healthy again after any crash.

Whether a server lives is asked by connecting. A pid is looked at only to tell PostgreSQL that the number in a stale
lock file belongs to a zombie or to another program; PostgreSQL then still checks its shared memory itself.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from medet.supervisor import folders, roles, secrets
from medet.supervisor.answers import Answer, ask
from medet.supervisor.binaries import Binaries, find
from medet.supervisor.initdb import initialise
from medet.supervisor.lock import FolderLock
from medet.supervisor.ports import LOOPBACK, free_port
from medet.supervisor.spawn import spawn
from medet.supervisor.trouble import Trouble
from medet.supervisor.users import ServiceUser, service_user

START_SECONDS = 60.0
RECOVERY_SECONDS = 600.0
STOP_SECONDS = 30.0
LOG_BYTES = 10_000_000
# Losing the last seconds of a test is no loss; losing a patient's answer is.
DISPOSABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass
class Postgres:
    """The cluster of a data folder; a context manager."""

    data: Path
    durable: bool = True
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    options: Mapping[str, str] = field(default_factory=dict)
    attached: bool = False
    port: int = 0

    def __post_init__(self) -> None:
        self.data = self.data.resolve()
        self.user: ServiceUser | None = service_user()
        self._lock = FolderLock(self.data / "postgres.lock")
        self._server: subprocess.Popen[bytes] | None = None
        self._binaries: Binaries | None = None
        self._place = folders.Place("postgres")

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """The cluster's own folder: ours, readable for the service user."""
        return self.data / self._place.folder

    @property
    def pgdata(self) -> Path:
        """The folder PostgreSQL calls its data directory."""
        return self.folder / "data"

    @property
    def pid(self) -> int | None:
        """The server's process, when it is our child."""
        return self._server.pid if self._server else None

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """The address for one of the roles of `roles.PASSWORDS`."""
        password = secrets.load(self.data / secrets.FILE)[roles.PASSWORDS[role]]
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, or attach to the one another process of ours has started from the same folder."""
        folders.make_folder(self.data)
        deadline = time.monotonic() + START_SECONDS
        while not self._lock.take():
            if self._attach():
                return
            if time.monotonic() > deadline:
                raise Trouble(f"Another start from {self.data} is under way and does not get ready.")
            time.sleep(0.05)
        try:
            secrets.load_or_create(self.data)
            self._prepare()
            self._launch()
            roles.ensure(self.url(roles.SUPERUSER, "postgres"), secrets.load(self.data / secrets.FILE))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server cleanly; an attached one is left to its owner."""
        server, self._server = self._server, None
        if server:
            end(server)
        self._lock.release()
        self.attached = False

    def revive(self) -> bool:
        """Start the server again on the same port if it has died; its clients only reconnect."""
        if self._server is None or self._server.poll() is None:
            return False
        self._launch(move=False)
        return True

    def _attach(self) -> bool:
        place = folders.Place.load(self.data)
        if place is None or not (self.data / secrets.FILE).exists():
            return False
        self._place, self.port = place, place.port
        self.attached = ask(self.url(roles.SUPERUSER, "postgres"), self.pgdata) is Answer.OURS
        return self.attached

    def _prepare(self) -> None:
        self._place = folders.choose_place(self.data, self.user)
        folders.make_folder(self.folder)
        if self.user:
            self.folder.chmod(0o755)  # our own folder, whatever the umask; the data in it stays 0700
        if not self.durable and (self.pgdata / "postmaster.pid").exists():
            shutil.rmtree(self.pgdata)  # without fsync a crash may have torn anything: begin anew
        version = self.pgdata / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        self._binaries = find(self.env, major=major, user=self.user, place=self.folder)
        if major is None:
            password = secrets.load(self.data / secrets.FILE)["MEDET_DB_SUPERUSER_PASSWORD"]
            initialise(self._binaries, self.pgdata, user=self.user, password=password, durable=self.durable)

    def _launch(self, *, move: bool = True) -> None:
        """Start until it answers: a port may be taken in between, or the last server still be shutting down."""
        deadline = time.monotonic() + START_SECONDS
        wanted = self._place.port
        while True:
            self.port = free_port(wanted) if move else wanted
            self._server = self._spawn()
            if self._wait_ready():
                break
            if self._attach_to_stray():
                return
            if time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL does not start: {self._last_words()}")
            time.sleep(0.2)
        self._place.port = self.port
        self._place.save(self.data)

    def _spawn(self) -> subprocess.Popen[bytes]:
        assert self._binaries is not None
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",  # their path may be too long (107 bytes), and TCP suffices
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.durable else DISPOSABLE),
            **self.options,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        stale = stale_pid(self.pgdata)
        if stale:
            env["PG_GRANDPARENT_PID"] = str(stale)  # the one pid PostgreSQL disbelieves in a lock file
        command = [str(self._binaries.folder / "postgres"), "-D", str(self.pgdata), *words]
        with self._open_log() as log:
            return spawn(command, env=env, user=self.user, death_signal=signal.SIGINT, cwd=Path("/"), output=log)

    def _open_log(self) -> IO[bytes]:
        log = self.data / "log" / "postgres.log"
        folders.make_folder(log.parent)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log.open("ab")

    def _wait_ready(self) -> bool:
        assert self._server is not None
        url, begun = self.url(roles.SUPERUSER, "postgres"), time.monotonic()
        while self._server.poll() is None:
            answer = ask(url, self.pgdata)
            if answer is Answer.OURS:
                return True
            if answer is Answer.WRONG_PASSWORD:
                raise Trouble(
                    f"The passwords in {self.data / secrets.FILE} do not fit the data in {self.folder}: "
                    f"put the right file back, or remove {self.folder} to begin anew."
                )
            if time.monotonic() - begun > (RECOVERY_SECONDS if answer is Answer.NOT_YET else START_SECONDS):
                raise Trouble(f"PostgreSQL does not get ready: {self._last_words()}")
            time.sleep(0.01)
        return False

    def _attach_to_stray(self) -> bool:
        """A server started by hand from our data folder is used and left alone."""
        try:
            self.port = int((self.pgdata / "postmaster.pid").read_text().splitlines()[3])
        except (OSError, ValueError, IndexError):
            return False
        self.attached = ask(self.url(roles.SUPERUSER, "postgres"), self.pgdata) is Answer.OURS
        if self.attached:
            self._server = None
        return self.attached

    def _last_words(self) -> str:
        lines = (self.data / "log" / "postgres.log").read_text("utf-8", "replace").splitlines()
        return " | ".join(lines[-3:])


def stale_pid(pgdata: Path) -> int | None:
    """The pid in the lock file, unless it belongs to a living server of this very folder."""
    try:
        pid = int((pgdata / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        words = []
    return None if str(pgdata).encode() in words else pid


def end(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then kill; each with a bounded wait."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
