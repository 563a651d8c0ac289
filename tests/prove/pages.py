"""Every page of the showcase in every language, light and dark, on a desk and on a phone: barriers, width, complaints.

`make prove-pages` prints the table and writes docs/figures/pages.md; `tests/web/test_parts.py` is its small form.
It stops by itself after eight minutes and goes on where it stood when it is called again (same commit).
"""

import itertools
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
from playwright.sync_api import Browser

LANGUAGES, WIDTHS, SCHEMES = ("kk", "ru", "en"), (390, 1366), ("light", "dark")
ROOT = Path(__file__).resolve().parents[2]
PIECE_S = 8 * 60


@dataclass(frozen=True)
class Row:
    """One page, looked at in every way."""

    path: str
    looks: int
    faults: list[str]
    kilobytes: int


def _row(site: str, browser: Browser, path: str) -> Row:
    ways = list(itertools.product(LANGUAGES, WIDTHS, SCHEMES))
    looked = [_look(site, browser, path, *way) for way in ways]
    faults = [fault for found, _ in looked for fault in found]
    return Row(path or "components", len(ways), faults, max(size for _, size in looked) // 1024)


def _look(site: str, browser: Browser, path: str, language: str, width: int, scheme: str) -> tuple[list[str], int]:
    from tests.web.barriers import barriers
    from tests.web.browser import Faults

    context = browser.new_context(
        viewport={"width": width, "height": 768},
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page, said = context.new_page(), Faults()
    said.listen(page)
    page.goto(f"{site}/parts/{path}")
    size = page.evaluate("performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)")
    found = [*said, *barriers(page)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("wider than its window")
    context.close()
    return [f"{path} {language} {width} {scheme}: {fault}" for fault in found], int(size)


def table(rows: list[Row]) -> str:
    """The figures as they are kept."""
    where = f"commit {_commit()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    lines = [f"| {row.path} | {row.looks} | {len(row.faults)} | {row.kilobytes} |" for row in rows]
    faults = [f"- {fault}" for row in rows for fault in row.faults]
    title = [
        "# Pages: barriers, complaints, width",
        "",
        f"{datetime.now(UTC):%d.%m.%Y}, {where}",
        "",
    ]
    head = ["| page | looks | faults | kB, empty cache |", "|---|---|---|---|"]
    return "\n".join([*title, *head, *lines, "", *faults]).rstrip() + "\n"


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()


def _kept(folder: Path) -> dict[str, Row]:
    """The rows of an earlier call."""
    return {row.path: row for row in (Row(**json.loads(path.read_text())) for path in folder.glob("*.json"))}


def main() -> int:
    """The whole matrix, page by page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.web.barriers import PAGES
    from tests.web.browser import chromium, serving

    folder, until = ROOT / ".data" / "prove" / f"pages-{_commit()}", time.monotonic() + PIECE_S
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as static, serving(Path(static)) as site, chromium() as browser:
        for number, path in enumerate(PAGES):
            if (path or "components") not in _kept(folder) and time.monotonic() < until:
                (folder / f"{number}.json").write_text(json.dumps(asdict(_row(site, browser, path))))
    return _report(sorted(_kept(folder).values(), key=lambda row: row.path), len(PAGES))


def _report(rows: list[Row], of: int) -> int:
    text = table(rows)
    sys.stdout.write(text)
    if len(rows) < of:
        sys.stdout.write(f"{len(rows)} of {of} pages: call again to go on\n")
        return 3
    (ROOT / "docs" / "figures").mkdir(exist_ok=True)
    (ROOT / "docs" / "figures" / "pages.md").write_text(text)
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
