"""Finds the sentences to translate in Python files and templates."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]

Sentence = tuple[str | tuple[str, ...], str | None]

# How many arguments each function translates, and whether a context stands before them.
_PLAIN, _PLURAL = (1, False), (2, False)
_FUNCTIONS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, True)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (2, True)),
}
_BABEL: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext"), None),
    **{"ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)},
}


def template_catalog(package: Path = PACKAGE) -> Catalog:
    """Every sentence of the product, with the files that say it."""
    found = Catalog()
    for path in sources(package):
        read = _in_python if path.suffix == ".py" else _in_template
        place = path.relative_to(package.parent).as_posix()
        for message, context in read(path):
            found.add(message, context=context, locations=[(place, 0)])
    return found


def sources(package: Path = PACKAGE) -> list[Path]:
    """Python files and templates, in a stable order; migrations keep words of the past."""
    files = [*package.rglob("*.py"), *templates(package)]
    return sorted(path for path in files if "migrations" not in path.parts)


def templates(package: Path = PACKAGE) -> list[Path]:
    """Everything below a folder `templates`."""
    return sorted(p for p in package.rglob("*") if "templates" in p.parts and p.suffix in {".html", ".txt", ".svg"})


def _in_python(path: Path) -> Iterator[Sentence]:
    """By the syntax tree: tokens would hide what stands inside an f-string."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            count, has_context = _FUNCTIONS.get(name, (0, False))
            words = _literals(node.args[: count + has_context])
            if count and len(words) == count + has_context:
                yield (words[-1] if count == 1 else tuple(words[-2:])), (words[0] if has_context else None)


def _literals(arguments: list[ast.expr]) -> list[str]:
    """A variable is not a sentence: whoever filled it has marked the sentence there."""
    return [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _in_template(path: Path) -> Iterator[Sentence]:
    """Django's own conversion of tags into calls; the indentation of HTML must not be taken for Python's."""
    converted = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    code = "\n".join(line.lstrip() for line in converted.splitlines())
    for _line, message, _notes, context in extract("python", BytesIO(code.encode()), _BABEL):
        yield message, context
