"""The suite at odd hours and in every kind of time zone, with the clock moved under Python and PostgreSQL alike.

Chosen by folder: all of tests/ but LEFT_OUT and the files that open a browser. tests/test_hours.py is the small form.
`python -m tests.prove.hours` begins no new run after five minutes: call it again until it says nothing is left.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.prove import figures
from tests.prove.clocks import ALMATY, Hour, forget, library, machine

# Whole processes with telephones and browsers: the live tests set their own clock to noon.
LEFT_OUT = (
    "live/",
    "engines/",
    "supervisor/",
    "architecture/",
    "demo/test_demo.py",
    "demo/test_phones.py",
    "test_hours.py",
)
BROWSER = re.compile(r"playwright|new_context|\bsite: str|_live\b|House\b")
HALF_PAST_MIDNIGHT, BEFORE_CALLS, NOON = Hour("00:30:00"), Hour("08:59:00"), Hour("12:00:00")
BEFORE_MIDNIGHT, NEW_YEAR = Hour("23:59:30"), Hour("23:59:00", 12, 31)
LEAP_DAY = Hour("09:00:00", 2, 29, leap=True)
HOURS = (HALF_PAST_MIDNIGHT, BEFORE_CALLS, NOON, BEFORE_MIDNIGHT, NEW_YEAR, LEAP_DAY)
ZONES = ("UTC", "Asia/Almaty", "America/Los_Angeles", "Pacific/Kiritimati")
# Every hour once and every zone at least once: Django sets its own zone, so only what runs without it sees TZ.
RUNS = [(hour, ZONES[number % len(ZONES)]) for number, hour in enumerate(HOURS)]
BEGIN_S = 300.0
ASK = """
import os, psycopg
from datetime import UTC, datetime
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(datetime.now(UTC).timestamp(), connection.execute("select extract(epoch from now())::float").fetchone()[0])
"""


def chosen() -> list[str]:
    """Folders and files of the suite that are run."""
    tests = figures.ROOT / "tests"
    names = sorted(str(path.relative_to(tests)) for path in tests.rglob("test_*.py"))
    quiet = [name for name in names if not name.startswith(LEFT_OUT)]
    return [f"tests/{name}" for name in quiet if not BROWSER.search((tests / name).read_text("utf-8"))]


def run(hour: Hour, zone: str) -> dict[str, str]:
    """One run of the suite on a machine with this clock; what it said at the end."""
    preload = library()
    assert preload is not None, "apt-get install faketime"
    by = hour.moment(datetime.now(UTC)) - datetime.now(UTC)
    moved = machine(preload, by)
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith("MEDET_")} | moved
    env |= {"TZ": zone}
    try:
        shown = clock(env, by)
        said = suite(env, ["-n", "2", "--dist", "loadfile", *chosen()])
    finally:
        forget(moved)
    failed = [line for line in said if line.startswith(("FAILED", "ERROR "))]
    return {"clock": shown, "result": said[-1], "failed": " ".join(failed)}


def clock(env: dict[str, str], by: timedelta) -> str:
    """What Python's and PostgreSQL's clocks really show in Almaty; both must be where we moved them."""
    command = [sys.executable, "-m", "medet.supervisor", "run", "--", sys.executable, "-c", ASK]
    data = {"MEDET_DATA": f"{env['PG_BINDIR']}/ask"}
    done = subprocess.run(command, cwd=figures.ROOT, env=env | data, capture_output=True, text=True, check=True)
    both = [float(word) for word in done.stdout.split()]
    wanted = (datetime.now(UTC) + by).timestamp()
    assert all(abs(one - wanted) < 60 for one in both), f"the clock was not moved: {both}, wanted {wanted}"
    return f"{datetime.fromtimestamp(both[1], ALMATY):%Y-%m-%d %H:%M:%S}"


def suite(env: dict[str, str], words: Sequence[str]) -> list[str]:
    """Pytest in a process of its own; the lines it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=600", *words]
    done = subprocess.run(command, cwd=figures.ROOT, env=env, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    return lines if done.returncode == 0 else [*lines, f"code {done.returncode}: {lines[-1] if lines else done.stderr}"]


def main() -> int:
    """Runs what is not done yet and writes the figures; 1 after a failed test, 3 while runs are left."""
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if library() is None:
        subprocess.run([*become, "apt-get", "install", "-y", "-qq", "faketime"], check=False, capture_output=True)
    pieces, began = figures.Pieces("hours"), time.monotonic()
    for hour, zone in RUNS:
        if f"{hour} {zone}" not in pieces.done and time.monotonic() - began < BEGIN_S:
            pieces.keep(f"{hour} {zone}", run(hour, zone))
            print(hour, zone, pieces.done[f"{hour} {zone}"], flush=True)
    rows = [(str(hour), zone, row) for hour, zone in RUNS if (row := pieces.done.get(f"{hour} {zone}"))]
    lines = [(hour, zone, row["clock"], row["result"], row["failed"] or "none") for hour, zone, row in rows]
    body = figures.table(("hour in Almaty", "TZ", "clock at the start, Almaty", "result", "failed"), lines)
    figures.keep("hours", title="The suite at odd hours and in far time zones", body=body + NOTE.format(len(chosen())))
    if len(rows) < len(RUNS):
        print(f"{len(rows)} of {len(RUNS)} runs: call again to go on")
        return 3
    return int(any("failed" in row["result"] or "code" in row["result"] for *_, row in rows))


NOTE = """

libfaketime moves the clock of pytest, of every process it starts and of PostgreSQL (both were asked: "clock at the
start"); it goes on from there, so the runs before midnight cross it. {} files of tests: all folders but live, engines,
supervisor and architecture, without the demo's processes and telephones and the files that open a browser.
"""


if __name__ == "__main__":
    sys.exit(main())
