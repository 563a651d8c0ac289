"""`manage.py demo` from an empty folder: a call is answered, a signal ends everything, the next start keeps it all."""

import json
import math
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from medet.demo.city.seed import DEMO_LIMITS
from medet.demo.phones import diary
from tests.supervisor.tools import eventually, living

KEYS = {
    "calls_started", "calls_answered", "answers_complete", "alerts_open", "home_visits_open", "loops_without_owner",
    "web_url",
}  # fmt: skip
# Said when everything runs; to ask for the status again and again costs more than the demo itself.
GREETING = "Password of everybody: "


class Demo:
    """A demo of its own folder, without a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        self.env = {k: v for k, v in os.environ.items() if k not in hidden and not k.startswith("MEDET_")}
        self.env["MEDET_DATA"] = str(folder)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "said.log").open("ab") as log:
            command = [sys.executable, "manage.py", "demo"]
            return subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def said(self) -> str:
        return (self.folder / "said.log").read_text("utf-8", "replace")

    def status(self) -> dict[str, Any]:
        """Empty while it does not run yet."""
        command = [sys.executable, "manage.py", "demo_status", "--json"]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return dict(json.loads(done.stdout)) if done.returncode == 0 else {}

    def notes(self) -> list[dict[str, Any]]:
        """The diary of the phones."""
        return diary.read(self.folder / "demo" / "phones.jsonl")

    def events(self) -> set[str]:
        """What has happened on the phones so far."""
        return {row["event"] for row in self.notes()}

    def soonest_again(self) -> float:
        """The shortest time in seconds between two rings of one phone."""
        rings: dict[str, list[float]] = {}
        for row in self.notes():
            if row["event"] == "invite":
                rings.setdefault(row["number"], []).append(row["at"])
        gaps = [later - sooner for times in rings.values() for sooner, later in pairwise(times)]
        return min(gaps, default=math.inf)

    def stop(self, run: subprocess.Popen[bytes], number: int) -> None:
        run.send_signal(number)
        assert run.wait(60) == 0
        assert eventually(lambda: living(str(self.folder)) == []), living(str(self.folder))


@pytest.mark.timeout(240)
def test_from_nothing_to_an_answered_call_and_on_after_a_stop(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    first = demo.start()
    try:
        assert eventually(lambda: "answered" in demo.events(), 170, 0.5), demo.said()
        assert eventually(lambda: demo.status().get("calls_answered", 0) > 0, 20, 2), demo.said()
        before = demo.status()
        assert set(before) == KEYS
        assert before["web_url"] in demo.said()
        assert demo.said().count(GREETING) == 1
        assert before["loops_without_owner"] == 0
    finally:
        demo.stop(first, signal.SIGTERM)

    again = demo.start()
    try:
        assert eventually(lambda: demo.said().count(GREETING) == 2, 60), demo.said()
        after = demo.status()
        assert set(after) == KEYS
        assert after["calls_started"] >= before["calls_started"]
        assert after["loops_without_owner"] == 0
    finally:
        demo.stop(again, signal.SIGINT)
    assert demo.soonest_again() > 60 * DEMO_LIMITS["call.min_gap_minutes"], "also over the restart"
