"""Brings the .po files up to date with the code: new sentences are added empty, unused ones are removed."""

from pathlib import Path

from babel.messages.catalog import Catalog

from medet.base.catalogues import extract, files


def update(package: Path = extract.PACKAGE, locale: Path = files.LOCALE) -> dict[str, int]:
    """The number of empty sentences left in each language."""
    source = extract.template_catalog(package)
    return {language: _update(source, language, locale) for language in files.LANGUAGES}


def _update(source: Catalog, language: str, locale: Path) -> int:
    path = files.folder(language, locale) / files.OWN
    catalog = files.read(path, language)
    # No guessing: a sentence that changed is a new one, and a likely translation is still a wrong one.
    catalog.update(source, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    files.write(catalog, path)
    return sum(1 for message in catalog if message.id and not files.has_text(message.string))
