"""Reading, writing and compiling .po files so that two people's changes rarely meet in one line."""

import os
import re
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"
LANGUAGES = ("kk", "ru")
OWN, FRAMEWORK = "django.po", "framework.po"

# Dates and names in the header would make every update a conflict.
_NOISE = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid|Generated|Project-Id)[^\n]*\n',
    re.MULTILINE,
)


def folder(language: str, locale: Path = LOCALE) -> Path:
    """Where a language's files lie."""
    return locale / language / "LC_MESSAGES"


def read(path: Path, language: str) -> Catalog:
    """A catalogue; an empty one when there is no file yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(catalog: Catalog, path: Path) -> None:
    """Sorted by sentence, with files but without line numbers."""
    catalog.header_comment = f"# Medet: {catalog.locale.english_name}" if catalog.locale else ""
    catalog.fuzzy = False
    text = BytesIO()
    write_po(text, catalog, width=110, sort_output=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_NOISE.sub(b"", text.getvalue()))


def laid_over(language: str, locale: Path = LOCALE) -> Catalog:
    """Our sentences and our words for Django's, in one catalogue; our own win."""
    merged = Catalog(locale=language)
    for name in (FRAMEWORK, OWN):
        for message in read(folder(language, locale) / name, language):
            if message.id and not message.fuzzy and has_text(message.string):
                merged.add(message.id, message.string, context=message.context)
    return merged


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write every django.mo; whole or not at all, because several processes may read it."""
    written = []
    for language in LANGUAGES:
        target = folder(language, locale) / "django.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        compiled = BytesIO()
        write_mo(compiled, laid_over(language, locale))
        with NamedTemporaryFile(dir=target.parent, suffix=".mo", delete=False) as file:
            file.write(compiled.getvalue())
        Path(file.name).chmod(0o644)
        os.replace(file.name, target)
        written.append(target)
    return written


def has_text(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """True when every form is written."""
    forms = [string] if isinstance(string, str) else string or []
    return bool(forms) and all(forms)
