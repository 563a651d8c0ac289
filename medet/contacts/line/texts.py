"""Every prompt's words, from the files they are written in; the recordings lie beside them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from medet.base.yamls import read

TEXTS = settings.BASE_DIR / "medet" / "phone" / "prompts" / "texts.yaml"
PROGRAMMES = settings.BASE_DIR / "medet" / "monitoring" / "programmes"


def texts(file: Path = TEXTS, programmes: Path = PROGRAMMES) -> dict[str, Mapping[str, str]]:
    """key -> language -> text. Questions are `<programme>/<question>`."""
    said: dict[str, Mapping[str, str]] = dict(_read(file))
    for path in sorted(programmes.glob("*.yaml")):
        programme = _read(path)
        for question in programme["questions"]:
            said[f"{programme['code']}/{question['key']}"] = question["spoken"]
    return said


@cache
def shipped_texts() -> dict[str, Mapping[str, str]]:
    """The same, read once: files of the product do not change while it runs."""
    return texts()


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read(path)
    return content
