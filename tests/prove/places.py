"""The two commands as a newcomer types them: a clone in root's closed folder and in the homes of a plain user.

`make demo` without a terminal to its first answered robot call, its end by signals, its second start with every port
taken, two checkouts at once; `make test`; and what is left of it all on the machine.

`python -m tests.prove.places [root closed open test]`: three to five minutes a piece, finished ones are not run again;
`test` runs on by itself when the judge's ten minutes are over: call again. Needs root, for the user it makes.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.prove import figures
from tests.prove.newcomer import (
    Above,
    Newcomer,
    Process,
    bundle,
    make_user,
    plain_user,
    remove_user,
    root_at_home,
    user,
)
from tests.supervisor.tools import eventually

PROMISE_S = 180.0
KEYS = {
    "calls_started", "calls_answered", "answers_complete", "alerts_open", "home_visits_open", "loops_without_owner",
    "web_url",
}  # fmt: skip
PORTS = ("MEDET_WEB_PORT", "MEDET_PUSH_PORT", "MEDET_SIP_PORT", "MEDET_PHONES_PORT")
CLOCK = "import time; from medet.base.clock import now; print(time.time(), now().timestamp())"


@dataclass
class Seen:
    """The rows of one piece."""

    rows: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, what: str, seen: object, right: bool) -> None:
        """Said at once, so that a long piece shows where it stands."""
        self.rows.append((what, str(seen), bool(right)))
        print(f"  {'ok   ' if right else 'FAULT'} {what}: {seen}", flush=True)


@dataclass
class Demo:
    """`make demo` in one checkout."""

    newcomer: Newcomer
    folder: Path
    run: Process | None = None
    began: float = 0.0

    def start(self) -> None:
        """As typed, its words into a file."""
        self.began = time.monotonic()
        self.run = self.newcomer.start("make", "demo", folder=self.folder, log=self.log)

    @property
    def log(self) -> Path:
        """Outside the checkout, which must stay clean."""
        return self.newcomer.home / f"{self.folder.name}.log"

    def manage(self, *words: str) -> str:
        """A management command beside it."""
        return self.newcomer.says(".venv/bin/python", "manage.py", *words, folder=self.folder)

    def status(self) -> dict[str, Any]:
        """Empty until it runs."""
        said = self.manage("demo_status", "--json") if (self.folder / ".data" / "running.json").exists() else ""
        return dict(json.loads(said)) if said else {}

    def answered(self, more_than: int = 0) -> float:
        """Seconds from the command to the first answered call; 0 when it did not come in time or the run ended."""
        while time.monotonic() - self.began < 2 * PROMISE_S and self.run and self.run.poll() is None:
            if self.status().get("calls_answered", 0) > more_than:
                return time.monotonic() - self.began
            time.sleep(0.5)
        print(self.log.read_text("utf-8", "replace")[-3000:])
        return 0.0

    def clock(self) -> tuple[float, float]:
        """The wall's clock and the demo's, read in one moment."""
        wall, shown = self.manage("shell", "-v", "0", "-c", CLOCK).split()
        return float(wall), float(shown)

    def settings(self) -> dict[str, str]:
        """What the running demo remembers of its ports."""
        return dict(json.loads((self.folder / ".data" / "running.json").read_text("utf-8")))

    def kept(self) -> dict[str, bytes]:
        """The files that a second start must not make anew."""
        return {name: (self.folder / ".data" / name).read_bytes() for name in ("secrets.env", "logins.txt")}

    def end(self, number: int, *, whole_group: bool = False) -> tuple[int, float]:
        """By a signal to make alone, or to all as a Ctrl-C does; make's exit code and the seconds it took."""
        assert self.run is not None
        began = time.monotonic()
        (os.killpg if whole_group else os.kill)(self.run.pid, number)
        return self.run.wait(60), time.monotonic() - began


def opens(address: str) -> int:
    """The status of a page, after its redirections."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return int(answer.status)


@contextlib.contextmanager
def taken(ports: list[int]) -> Iterator[None]:
    """Somebody else listens on all of them, by TCP and UDP."""
    with contextlib.ExitStack() as stack:
        for port in ports:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                taker = stack.enter_context(socket.socket(socket.AF_INET, kind))
                taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taker.bind(("127.0.0.1", port))
                if kind == socket.SOCK_STREAM:
                    taker.listen(1)
        yield


# -- the pieces -----------------------------------------------------------------------------


def demo(newcomer: Newcomer) -> Seen:
    """One place from its clone to the end of two demos."""
    seen, above = Seen(), Above(newcomer.home)
    first = Demo(newcomer, newcomer.clone("one"))
    _first_start(seen, first)
    before, kept, clock, ports = first.status(), first.kept(), first.clock(), first.settings()
    _ended(seen, newcomer, "SIGTERM to make", first.end(signal.SIGTERM))
    with taken([int(ports[name]) for name in PORTS] + [_database_port(ports)]):
        _second_start(seen, first, before, kept, clock)
    _two_at_once(seen, first, Demo(newcomer, newcomer.clone("two")))
    dirty = newcomer.says("git", "status", "--porcelain", folder=first.folder)
    seen.add("files git does not know", dirty or 0, not dirty)
    changed = above.changes()
    seen.add("folders above whose mode or owner changed, users made", "; ".join(changed) or 0, not changed)
    return seen


def _first_start(seen: Seen, demo: Demo) -> None:
    demo.start()
    took = demo.answered()
    told = f"{took:.0f} (load average {os.getloadavg()[0]:.0f})"
    seen.add("`make demo` to the first answered call, s", told, 0 < took <= PROMISE_S)
    status = demo.status()
    seen.add("keys of demo_status", len(status), set(status) == KEYS)
    seen.add("loops without owner", status.get("loops_without_owner"), status.get("loops_without_owner") == 0)
    running = demo.newcomer.left()
    seen.add("processes found while it runs", len(running), len(running) > 8 and "postgres" in str(running))
    seen.add("its page", opens(status["web_url"]), status["web_url"] in demo.log.read_text("utf-8"))


def _second_start(
    seen: Seen, demo: Demo, before: dict[str, Any], kept: dict[str, bytes], clock: tuple[float, float]
) -> None:
    demo.start()
    took = demo.answered(more_than=before["calls_answered"])
    seen.add("second start, all its ports taken: to the next answered call, s", round(took), 0 < took <= PROMISE_S)
    after = demo.status()
    grew = after["calls_answered"] > before["calls_answered"] and after["calls_started"] > before["calls_started"]
    counted = f"{before['calls_started']} started, then {after['calls_started']}"
    seen.add("its data is kept", counted, grew and demo.kept() == kept)
    wall, shown = demo.clock()
    seen.add("its clock went on by, s", round(shown - clock[1]), shown - clock[1] >= wall - clock[0] - 1)
    seen.add("another address", opens(after["web_url"]), before["web_url"] != after["web_url"])


def _two_at_once(seen: Seen, first: Demo, second: Demo) -> None:
    second.start()
    took = second.answered()
    seen.add("a second checkout beside it: to its first answered call, s", round(took), took > 0)
    urls = {first.status()["web_url"], second.status()["web_url"]}
    seen.add("both open", len(urls), len(urls) == 2 and all(opens(url) == 200 for url in urls))
    code, took = first.end(signal.SIGINT)
    alone = eventually(lambda: not first.newcomer.left_of(first.folder), 20)
    seen.add("SIGINT to make alone: ended after, s", f"{took:.1f} (code {code})", took < 20 and alone)
    seen.add("the other goes on", opens(second.status()["web_url"]), bool(second.status()))
    _ended(seen, second.newcomer, "SIGINT to all, as Ctrl-C", second.end(signal.SIGINT, whole_group=True))


def _ended(seen: Seen, newcomer: Newcomer, how: str, end: tuple[int, float]) -> None:
    code, took = end
    eventually(lambda: not newcomer.left(), 20)
    left = newcomer.left()
    seen.add(f"{how}: ended after, s", f"{took:.1f} (code {code})", took < 20)
    seen.add("processes left, PostgreSQL's among them", "; ".join(left) or 0, not left and not newcomer.locks())


def _database_port(settings: dict[str, str]) -> int:
    return int(settings["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])


# -- `make test`, which is longer than a piece ----------------------------------------------


TESTER = "medet-tester"
PIECE_S = 540.0
BEGUN = figures.ROOT / ".data" / "prove" / "places-test.json"
SUITE = 'make test ARGS="--durations=60" >../test.log 2>&1; echo $? >../code'


def suite() -> Seen | None:
    """Begins it as a plain user, or looks after the one that was begun; nothing while it runs."""
    newcomer, above = _tester()
    code, log = newcomer.home / "code", newcomer.home / "test.log"
    if not eventually(lambda: code.exists() and bool(code.read_text()), PIECE_S):
        return None
    seen = Seen()
    shutil.copy(log, BEGUN.with_suffix(".log"))
    said = [line.strip("= ") for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    verdict = [line for line in said if " passed" in line or " failed" in line] or said
    seen.add("`make test`", verdict[-1], code.read_text().strip() == "0")
    _end_of_suite(seen, newcomer, above)
    remove_user(newcomer)
    BEGUN.unlink()
    return seen


def _end_of_suite(seen: Seen, newcomer: Newcomer, above: Above) -> None:
    eventually(lambda: not newcomer.left(), 20)
    left, dirty = newcomer.left(), newcomer.says("git", "status", "--porcelain", folder=newcomer.home / "medet")
    seen.add("processes left, PostgreSQL's among them", "; ".join(left) or 0, not left)
    seen.add("files git does not know", dirty or 0, not dirty)
    changed = above.changes()
    seen.add("folders above whose mode or owner changed, users made", "; ".join(changed) or 0, not changed)


def _tester() -> tuple[Newcomer, Above]:
    """The user of a run that was begun and what was seen before it; else both anew."""
    if BEGUN.exists():
        newcomer = user(TESTER, None)
        return newcomer, Above(newcomer.home, json.loads(BEGUN.read_text("utf-8")))
    with bundle() as source:
        newcomer = make_user(TESTER, 0o700, source)
        folder = newcomer.clone("medet")
    above = Above(newcomer.home)
    BEGUN.parent.mkdir(parents=True, exist_ok=True)
    BEGUN.write_text(json.dumps(above.before), "utf-8")
    newcomer.start("sh", "-c", SUITE, folder=folder, log=newcomer.home / "shell.log")
    return newcomer, above


# -- the command ----------------------------------------------------------------------------


def in_place(place: Callable[[], contextlib.AbstractContextManager[Newcomer]]) -> Seen:
    """A demo's piece; what breaks it is a fault of its table."""
    with place() as newcomer:
        return demo(newcomer)


PIECES: dict[str, tuple[str, Callable[[], Seen | None]]] = {
    "root": ("root, a closed folder (0700) in its own home", lambda: in_place(root_at_home)),
    "closed": ("a plain user, home 0700", lambda: in_place(lambda: plain_user(0o700))),
    "open": ("a plain user, home 0755", lambda: in_place(lambda: plain_user(0o755))),
    "test": ("`make test` as a plain user, home 0700", suite),
}


def main(names: list[str]) -> int:
    """Runs the pieces that are not done yet and writes the figures; 1 after a fault, 3 while a piece goes on."""
    if os.geteuid() != 0:
        print("This judge makes users and removes them: it needs root.")
        return 1
    pieces = figures.Pieces("places")
    for name in [name for name in names if name not in pieces.done]:
        print(PIECES[name][0], flush=True)
        seen = PIECES[name][1]()
        if seen is None:
            print("It goes on: call again.")
            return 3
        pieces.keep(name, asdict(seen)["rows"])
    done = [(name, what, rows) for name, (what, _) in PIECES.items() if (rows := pieces.done.get(name))]
    body = "\n\n".join(f"## {what[0].upper()}{what[1:]}\n\n{table(rows)}" for _, what, rows in done)
    figures.keep("places", title="The two commands from a clone, in every kind of place", body=body + NOTE)
    return int(not all(right for _, _, rows in done for *_, right in rows))


def table(rows: list[tuple[str, str, bool]]) -> str:
    """A line a thing seen."""
    return figures.table(("what", "seen", ""), [(what, seen, "ok" if right else "FAULT") for what, seen, right in rows])


NOTE = """

`git clone`, then the command with no terminal (stdin closed off, output into a file, a session of its own). The first
start makes the virtual environment and installs the packages from a warm cache; promise: three minutes to the first
answered robot call. Processes are looked for by user, and by the home in their words, working folder or settings.
The small forms are tests/supervisor/test_places.py and tests/demo/test_demo.py.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(PIECES)))
