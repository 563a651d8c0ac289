"""One PostgreSQL server as a child of this process: made on first start, ended with us, healthy again after any crash.

Whether a server lives is asked by connecting. A pid is looked at only to tell PostgreSQL that the number in a stale
lock file belongs to a zombie or to another program; PostgreSQL then still checks its shared memory itself.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import clear_frames
from types import TracebackType

from medet.supervisor import folders, roles, secrets, server
from medet.supervisor.answers import Answer, ask
from medet.supervisor.binaries import Binaries, find
from medet.supervisor.initdb import initialise
from medet.supervisor.lock import FolderLock
from medet.supervisor.ports import LOOPBACK, free_port
from medet.supervisor.trouble import Trouble
from medet.supervisor.users import ServiceUser, service_user

START_SECONDS = 60.0
RECOVERY_SECONDS = 600.0
LAST_SECONDS = 10.0
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
        self._log = self.data / "log" / "postgres.log"

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(error)

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
            self._place.port = self.port
            self._place.save(self.data)  # from now on another start may attach
        except BaseException as error:
            self.stop(error)
            raise

    def stop(self, error: BaseException | None = None) -> None:
        """End the server cleanly; an attached one is left to its owner. `error`: what is under way meanwhile."""
        if error is not None:
            # A signal in the middle of connecting leaves a half-made connection in a frame of its traceback, and the
            # server waits for whoever has not yet said who they are: a minute, or until it is shut down by force.
            clear_frames(error.__traceback__)
        child, self._server = self._server, None
        if child:
            server.end(child)
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
        if not self.durable and not self._ended_well():
            shutil.rmtree(self.pgdata)  # without fsync a crash may have torn anything: begin anew
        version = self.pgdata / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        self._binaries = find(self.env, major=major, user=self.user, place=self.folder)
        if major is None:
            password = secrets.load(self.data / secrets.FILE)["MEDET_DB_SUPERUSER_PASSWORD"]
            initialise(self._binaries, self.pgdata, user=self.user, password=password, durable=self.durable)

    def _ended_well(self) -> bool:
        """The lock file is gone; that of a server whose owner was killed just now soon will be."""
        deadline = time.monotonic() + LAST_SECONDS
        while server.lock_file(self.pgdata) and server.stale_pid(self.pgdata) is None and time.monotonic() < deadline:
            time.sleep(0.05)
        return not server.lock_file(self.pgdata)

    def _launch(self, *, move: bool = True) -> None:
        """Start until it answers: a port may be taken in between, or the last server still be shutting down."""
        deadline = time.monotonic() + START_SECONDS
        wanted = self._place.port if move else self.port
        while True:
            self.port = free_port(wanted) if move else wanted
            self._server = self._spawn()
            if self._wait_ready():
                break
            if self._attach_to_stray():
                return
            if time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL does not start: {server.last_words(self._log)}")
            time.sleep(0.2)

    def _spawn(self) -> subprocess.Popen[bytes]:
        assert self._binaries is not None
        options = {**({} if self.durable else DISPOSABLE), **self.options}
        return server.launch(
            self._binaries, self.pgdata, port=self.port, options=options, user=self.user, log=self._log
        )

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
                raise Trouble(f"PostgreSQL does not get ready: {server.last_words(self._log)}")
            time.sleep(0.01)
        return False

    def _attach_to_stray(self) -> bool:
        """A server started by hand from our data folder is used and left alone."""
        lines = server.lock_file(self.pgdata)
        if len(lines) < 4 or not lines[3].isdigit():
            return False
        self.port = int(lines[3])
        self.attached = ask(self.url(roles.SUPERUSER, "postgres"), self.pgdata) is Answer.OURS
        if self.attached:
            self._server = None
        return self.attached
