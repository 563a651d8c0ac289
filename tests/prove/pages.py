"""Every real page, in three languages, light and dark, on a desk and on a phone: barriers, complaints, width, targets.

`make prove-pages` prints the table and writes docs/figures/pages.md. It stops by itself after eight minutes and goes
on where it stood when it is called again (same commit). `python -m tests.prove.pages "part of a name" [folder]` looks
at some scenes only and puts their pictures into the folder. `tests/pages/test_pages.py` is its small form.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from playwright.sync_api import Browser

from medet.web.access import ADDRESSES
from tests.database import TestDatabases, test_cluster
from tests.pages.house import site_of
from tests.pages.looking import LANGUAGES, Look, Site, looked
from tests.pages.scenes import SCENES, Scene, covered, wanted
from tests.prove import figures
from tests.web.browser import chromium

PIECE_S = 7.5 * 60


@contextmanager
def whole() -> Iterator[tuple[Site, Browser]]:
    """Browser first: its event loop gives this thread other connections."""
    with (
        chromium() as browser,
        test_cluster() as postgres,
        TemporaryDirectory(prefix="medet-pages-") as folder,
        site_of(TestDatabases(postgres), Path(folder)) as site,
    ):
        yield site, browser


def row_of(site: Site, browser: Browser, scene: Scene, pictures: Path | None = None) -> dict[str, object]:
    """One scene in all languages, as it is kept."""
    looks = [_tried(site, browser, scene, language, pictures) for language in LANGUAGES]
    return {
        "looks": sum(look.looks for look in looks),
        "kilobytes": max(look.kilobytes for look in looks),
        "faults": [fault for look in looks for fault in look.faults],
        "reached": sorted(set[str]().union(*(look.reached for look in looks))),
    }


def _tried(site: Site, browser: Browser, scene: Scene, language: str, pictures: Path | None) -> Look:
    """A scene that cannot be played is a fault of its own and does not stop the others."""
    try:
        return looked(site, browser, scene, language, pictures)
    except Exception as stopped:
        return Look(faults=[f"{language}: cannot be played: {str(stopped).splitlines()[0]}"])


def missing(reached: set[str]) -> list[str]:
    """Addresses and roles that no scene looks at, by name."""
    faults = [
        f"no scene opens {address} as {who or 'nobody'}" for address, who in sorted(wanted() - covered(), key=str)
    ]
    return faults + [f"no page led to {address}" for address in sorted(set(ADDRESSES) - reached)]


def main(part: str = "", folder: str = "") -> int:
    """The scenes that are left, as far as the time goes."""
    if part:
        return _some([scene for scene in SCENES if part in scene.name], Path(folder) if folder else None)
    pieces, until = figures.Pieces("pages"), time.monotonic() + PIECE_S
    left = [scene for scene in SCENES if scene.name not in pieces.done]
    if left:
        with whole() as (site, browser):
            for scene in left:
                if time.monotonic() < until:
                    pieces.keep(scene.name, row_of(site, browser, scene))
    if len(pieces.done) < len(SCENES):
        print(f"{len(pieces.done)} of {len(SCENES)} scenes: call again to go on")
        return 3
    return _report(pieces.done)


def _some(scenes: Sequence[Scene], pictures: Path | None) -> int:
    """For whoever mends a page."""
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    faults = 0
    with whole() as (site, browser):
        for scene in scenes:
            row = row_of(site, browser, scene, pictures)
            print(scene.name, row["looks"], row["kilobytes"], "kB", *_list(row["faults"]), sep="\n  ", flush=True)
            faults += len(_list(row["faults"]))
    return int(faults > 0)


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _report(done: dict[str, dict[str, object]]) -> int:
    uncovered = missing({name for row in done.values() for name in _list(row["reached"])})
    rows = [(name, row["looks"], len(_list(row["faults"])), row["kilobytes"]) for name, row in done.items()]
    faults = [f"- {name} {fault}" for name, row in done.items() for fault in _list(row["faults"])]
    faults += [f"- {fault}" for fault in uncovered]
    looks, worst = sum(int(str(row[1])) for row in rows), max(int(str(row[3])) for row in rows)
    sums = f"{len(rows)} scenes, {looks} looks, {len(faults)} faults, at most {worst} kB with an empty cache."
    body = figures.table(("scene", "looks", "faults", "kB, empty cache"), rows)
    figures.keep("pages", title=TITLE, body="\n\n".join([sums + NOTE, body, *(["\n".join(faults)] if faults else [])]))
    return int(bool(faults))


TITLE = "Every page in every look"
NOTE = """

Every address of `medet/web/access.py` as every role that may open it, over the made-up city with one of everything
(tests/pages/ward.py), in Kazakh, Russian and English, light and dark, 1366 and 390 px wide; the clinic and the sign-in
at 320 px too. A fault is: a rule of axe (WCAG 2.0 to 2.2 A and AA, best practice; in the dark only its rules of
colour), a line in the console (errors, warnings, content policy), sideways scroll, a target below 24 px (44 px for a
clinic's hand), words that are cut off or run out of their frame (but a list field at 320 px), an English word or a raw
key on a page of another language, an answer of the wrong status."""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
