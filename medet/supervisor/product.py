"""The processes of Medet as a table, and one run of them: database, preparation, processes, end.

The demo and the real thing differ in their tables and in what a data folder may hold; nothing else.
"""

import importlib.util
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from medet.supervisor import current, last, releases
from medet.supervisor.certificates import names, tls_of
from medet.supervisor.environment import running
from medet.supervisor.folders import CHECKOUT, data_folder, make_folder
from medet.supervisor.kin import Program
from medet.supervisor.lock import FolderLock
from medet.supervisor.parent import Make
from medet.supervisor.ports import LOOPBACK, free_port
from medet.supervisor.processes import Processes
from medet.supervisor.spawn import spawn
from medet.supervisor.trouble import Trouble

CERTIFICATE, CERTIFICATE_KEY = "MEDET_TLS_CERTIFICATE", "MEDET_TLS_KEY"
MANAGE = (sys.executable, "-u", "manage.py")


@dataclass(frozen=True)
class Part:
    """A process of the product: a management command, or a module; `{NAME}` is taken from the environment."""

    name: str
    words: tuple[str, ...]
    module: str = ""
    tls: tuple[str, ...] = ()  # more words when pages are served over TLS
    patience: float = 10.0  # seconds it has to end by itself
    vital: bool = True  # see kin.Program

    def exists(self) -> bool:
        """Whether this tree has it."""
        return has_module(self.module) if self.module else has_command(self.words[0])

    def command(self, env: Mapping[str, str]) -> tuple[str, ...]:
        """The words to execute; those of TLS when there is a certificate."""
        before = (sys.executable, "-u", "-m") if self.module else MANAGE
        secure = self.tls if env.get(CERTIFICATE) else ()
        place = len(self.words) - 1  # the application is named last
        words = (*self.words[:place], *secure, *self.words[place:])
        return (*before, *(word.format_map(env) for word in words))


@dataclass(frozen=True)
class Step:
    """A management command that is run to its end before the processes start."""

    words: tuple[str, ...]
    as_owner: bool = False


WEB = "granian --host {MEDET_LISTEN} --port {MEDET_WEB_PORT} --interface wsgi --no-ws --blocking-threads 4"
PUSH = "uvicorn --host {MEDET_LISTEN} --port {MEDET_PUSH_PORT} --no-access-log --timeout-graceful-shutdown 3"
WEB_TLS = "--ssl-certificate {MEDET_TLS_CERTIFICATE} --ssl-keyfile {MEDET_TLS_KEY} --ssl-protocol-min tls1.2"
PUSH_TLS = "--ssl-certfile {MEDET_TLS_CERTIFICATE} --ssl-keyfile {MEDET_TLS_KEY}"
PARTS = (
    Part(
        "web",
        (*WEB.split(), "--respawn-failed-workers", "medet.wsgi:application"),
        module="medet.wsgi",
        tls=tuple(WEB_TLS.split()),
    ),
    Part(
        "push",
        (*PUSH.split(), "medet.push.app:app"),
        module="medet.push.app",
        tls=tuple(PUSH_TLS.split()),
        vital=False,
    ),
    Part("worker", ("work",)),
    # It lets calls end. Doctors keep their desks while the telephone is out of order (a task says so: robot_watch).
    Part("phone", ("phone",), patience=40.0, vital=False),
)
STEPS = (
    Step(("migrate", "--verbosity", "0"), as_owner=True),
    Step(("collectstatic", "--noinput", "--verbosity", "0")),
    Step(("load_reference",)),
)
FITS = Step(("check_release",), as_owner=True)  # newer data is never touched; before all other steps
KIND = "kind"  # of the data folder: whether its people are made up
SETUP_LINK = "setup-link.txt"  # written by `manage.py setup --link`
# Preferred numbers; another one is taken when they are.
PORTS = {"MEDET_WEB_PORT": 8000, "MEDET_PUSH_PORT": 8001, "MEDET_SIP_PORT": 5080}


@dataclass(frozen=True)
class Run:
    """What is started together from one data folder."""

    kind: str
    parts: tuple[Part, ...] = PARTS
    steps: tuple[Step, ...] = STEPS
    ports: Mapping[str, int] = field(default_factory=lambda: PORTS)
    environment: Callable[[Path, Mapping[str, str]], dict[str, str]] = lambda data, ports: {}
    greeting: Callable[[Mapping[str, str], Path], str] = lambda env, data: greeting(env, data)


def run(plan: Run, env: Mapping[str, str] | None = None) -> int:
    """Until a signal; the exit code for the shell."""
    HEARD.clear()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        return run_from(data_folder(env or os.environ).resolve(), plan, env or os.environ)
    except Interrupted:
        return 0
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


class Interrupted(BaseException):
    """A signal before the processes run; everything started so far is ended on the way out."""


# Signals heard before the processes run. Python drops what a handler raises inside a destructor or a callback, so the
# exception alone may be lost.
HEARD: list[object] = []


def interrupted(*said: object) -> None:
    """The handler of that time."""
    HEARD.append(said)
    raise Interrupted


def unless_heard() -> None:
    """Ends a preparation whose signal was dropped."""
    if HEARD:
        raise Interrupted


def run_from(data: Path, plan: Run, env: Mapping[str, str]) -> int:
    """One run from one folder at a time."""
    make_folder(data)
    lock = FolderLock(data / current.LOCK)
    if not lock.take():
        address = current.recall(data).get("MEDET_WEB_URL", "an address not known yet")
        raise Trouble(f"Medet already runs from {data}, at {address}.")
    try:
        check_kind(data, plan.kind)
        releases.check(data)
        last.check(data, env)
        with running(env, data=data) as (own, postgres):
            if postgres and postgres.attached:
                raise Trouble(
                    f"Another command runs the PostgreSQL of {data} and would stop it at its end: end it first."
                )
            own |= secured(data, env) if plan.kind == "serve" else {}
            own |= addresses(plan.ports, own)
            own |= plan.environment(data, own)
            if plan.kind == "serve":
                own[releases.PID] = str(os.getpid())
            for step in plan.steps:
                unless_heard()
                prepare(step, own)
            current.remember(data, own)
            last.keep(data, env)
            watch = Watch(lambda: print(plan.greeting(own, data), flush=True), own)
            ticks: list[Callable[[], object]] = [watch, *([postgres.revive] if postgres else [])]
            given_up = Make().has_given_up

            def over() -> bool:
                return bool(HEARD) or given_up()

            children = programs(plan.parts, own)
            return Processes(children, env=own, logs=data / "log", ticks=ticks, until=over).run()
    finally:
        current.forget(data)
        lock.release()


def programs(parts: Sequence[Part], env: Mapping[str, str]) -> list[Program]:
    """Those that this tree has."""
    return [Program(part.name, part.command(env), part.patience, part.vital) for part in parts if part.exists()]


def check_kind(data: Path, kind: str) -> None:
    """Made-up people never share a folder with real ones."""
    mark = data / KIND
    if not mark.exists():
        mark.write_text(kind + "\n", "utf-8")
    found = mark.read_text("utf-8").strip()
    if found != kind:
        raise Trouble(f"{data} holds the data of `make {found}`: set MEDET_DATA to another folder for `make {kind}`.")


def addresses(ports: Mapping[str, int], env: Mapping[str, str]) -> dict[str, str]:
    """A free port for each; one given by the administrator is kept as it is."""
    found: dict[str, str] = {}
    for name, preferred in ports.items():
        found[name] = env.get(name) or str(free_port(preferred, taken=set(found.values())))
    listen = env.get("MEDET_LISTEN", LOOPBACK)
    scheme = "https" if env.get(CERTIFICATE) else "http"
    host = LOOPBACK if listen == LOOPBACK else next(iter(env.get("MEDET_HOSTS", LOOPBACK).split()))
    return found | {"MEDET_LISTEN": listen, "MEDET_WEB_URL": f"{scheme}://{host}:{found['MEDET_WEB_PORT']}/"}


def secured(data: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The certificate's files and the names it is for; nothing where another speaks TLS for us."""
    tls = tls_of(data, env)
    if tls is None:
        return {}
    return {
        CERTIFICATE: str(tls.certificate),
        CERTIFICATE_KEY: str(tls.key),
        "MEDET_HOSTS": " ".join(names(env)),
    }


def greeting(env: Mapping[str, str], data: Path) -> str:
    """Where the pages are; on a fresh installation also the one-time link of the first administrator."""
    lines = [f"Medet runs at {env['MEDET_WEB_URL']}"]
    link = data / SETUP_LINK
    if link.exists():
        lines.append(f"First administrator, once and within a day: {link.read_text('utf-8').strip()}")
    if env.get(CERTIFICATE) and (data / "tls" / "authority.pem").exists():
        lines.append(f"Computers that are to trust these pages: {env['MEDET_WEB_URL']}authority/")
    return "\n".join(lines)


def prepare(step: Step, env: Mapping[str, str]) -> None:
    """Run the step, if there is such a command; a failing one ends the start."""
    if not has_command(step.words[0]):
        return
    role = {"MEDET_DB_ROLE": "owner"} if step.as_owner else {}
    child = spawn([*MANAGE, *step.words], env={**env, **role}, cwd=CHECKOUT)
    try:
        code = child.wait()
    except Interrupted:
        child.terminate()
        child.wait()
        raise
    if code:
        raise Trouble(f"`manage.py {step.words[0]}` failed with code {code}; nothing was started.")


class Watch:
    """Says once that the pages can be opened."""

    def __init__(self, greet: Callable[[], None], env: Mapping[str, str]) -> None:
        self._greet: Callable[[], None] | None = greet
        self._address = (LOOPBACK, int(env["MEDET_WEB_PORT"]))

    def __call__(self) -> None:
        if self._greet is None:
            return
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(self._address) == 0:
                self._greet()
                self._greet = None


def has_command(name: str) -> bool:
    """Django's own commands and those of a room."""
    rooms = (path.parent.name for path in (CHECKOUT / "medet").glob("*/management"))
    homes = ["django.core", "django.contrib.staticfiles", *(f"medet.{room}" for room in rooms)]
    return any(has_module(f"{home}.management.commands.{name}") for home in homes)


def has_module(name: str) -> bool:
    """Without importing it."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
