"""Pages written by the program: they are written, or compared with what lies in docs/."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

DOCS = Path(settings.BASE_DIR) / "docs"


def write(pages: Mapping[Path, str]) -> None:
    """Writes each page below docs/."""
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def compare(pages: Mapping[Path, str], *, command: str, folder: Path | None = None) -> None:
    """Fails with the names of pages that are missing, old or left over."""
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left_over = [path for path in sorted(folder.glob("*.md")) if path not in pages] if folder else []
    if stale or left_over:
        names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in [*stale, *left_over])
        raise CommandError(f"not up to date: {names}; run manage.py {command}, remove what is left over")
