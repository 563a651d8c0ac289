"""Tables of the long judges: printed, and kept in docs/figures with date, commit and machine."""

import json
import math
import os
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "figures"
GIB = 1024**3


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine() -> str:
    """Cores, memory and how busy it was; neither names nor paths."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    share = f", nice {nice} beside other work" if nice else ""
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, load average {os.getloadavg()[0]:.1f} at the end{share}"


def commit() -> str:
    """Which tree was measured; the tables themselves may change meanwhile."""
    name, changed = (
        git("rev-parse", "--short", "HEAD"),
        git("status", "--porcelain", "-uno", "--", ".", ":!docs/figures"),
    )
    return (name or "no git here") + ("-dirty" if changed else "")


def git(*words: str) -> str:
    """What git says of this tree; empty where there is none."""
    said = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def keep(name: str, *, title: str, body: str) -> Path:
    """Prints the table and writes it; an older one is replaced, git has its history."""
    text = f"# {title}\n\n{datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {machine()}.\n\n{body}\n"
    print(text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.md"
    path.write_text(text, "utf-8")
    return path


class Pieces:
    """What finished pieces gave, kept beside the data of this tree: a judge that was cut off goes on where it was.

    Pieces of another commit are not used.
    """

    def __init__(self, name: str) -> None:
        """`name`: the judge's."""
        self._path = ROOT / ".data" / "prove" / f"{name}-{commit()}.json"
        self.done: dict[str, Any] = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}

    def keep(self, piece: object, result: object) -> None:
        """This piece need not run again."""
        self.done[str(piece)] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.done, ensure_ascii=False), "utf-8")


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile: a value that was really seen."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
