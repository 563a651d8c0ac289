"""What is wrong with the translations: one line a fault; nothing at all when the product speaks its languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from django.apps import apps

from medet.base.catalogues import extract, files, loose

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrf]|\{\w*\}")
_CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)


def problems(package: Path = extract.PACKAGE, locale: Path = files.LOCALE) -> list[str]:
    """All faults of all languages."""
    source = extract.template_catalog(package)
    found = [f"source: not English: {_name(m)}" for m in source if m.id and _CYRILLIC.search(_text(m.id))]
    for language in files.LANGUAGES:
        own = files.read(files.folder(language, locale) / files.OWN, language)
        found += [f"{language}: {fault}" for fault in _faults(source, own)]
    for path in extract.sources(package):
        look = loose.in_python if path.suffix == ".py" else loose.in_template
        words = look(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(package.parent)}: nobody can translate: {text}" for text in words]
    return found


def framework_gaps(language: str, locale: Path = files.LOCALE) -> list[str]:
    """Sentences of Django's installed parts that a user of this language would read in another one."""
    ours = files.laid_over(language, locale)
    return [
        f"{language}: Django's sentence is not translated: {_name(message)}"
        for folder in framework_folders()
        for message in _untranslated(folder, language, ours)
    ]


def framework_folders() -> list[Path]:
    """The catalogues of Django itself and of its installed applications."""
    places = [Path(django.__file__).parent / "conf", *(Path(config.path) for config in apps.get_app_configs())]
    return [place / "locale" for place in places if "django" in place.parts and (place / "locale").is_dir()]


def _untranslated(folder: Path, language: str, ours: Catalog) -> Iterator[Message]:
    theirs = files.read(files.folder(language, folder) / files.OWN, language)
    for message in files.read(files.folder("en", folder) / files.OWN, "en"):
        both = [catalog.get(_key(message), message.context) for catalog in (ours, theirs)]
        if message.id and not any(m and files.has_text(m.string) and not m.fuzzy for m in both):
            yield message


def _faults(source: Catalog, own: Catalog) -> Iterator[str]:
    for message in source:
        known = own.get(_key(message), message.context)
        if not message.id:
            continue
        if known is None or not files.has_text(known.string):
            yield f"not translated: {_name(message)}"
        elif known.fuzzy:
            yield f"fuzzy: {_name(message)}"
        elif any(_placeholders(form) != _placeholders(_text(message.id)) for form in _forms(known)):
            yield f"other placeholders: {_name(message)}"
    for message in [*own, *own.obsolete.values()]:
        if message.id and source.get(_key(message), message.context) is None:
            yield f"obsolete: {_name(message)}"


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text.replace("%%", "")))


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _text(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else " | ".join(identity)


def _name(message: Message) -> str:
    return f"{_text(message.id)!r}" + (f" ({message.context})" if message.context else "")
