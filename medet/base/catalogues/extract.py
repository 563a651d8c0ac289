"""Finds the sentences to translate in Python files and templates, and template text that nobody can translate."""

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.template.base import Lexer, TokenType
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
_SPOKEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAME_IN_ALL = re.compile(r"\b(Medet|Ctrl|Esc|Tab|Enter|Shift|Alt)\b")
# A block that holds one lower-case word gives a value to an attribute of the page it extends.
_VALUE_BLOCK = re.compile(r"{% block \w+ %}[a-z-]+{% endblock( \w+)? %}")


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


def untranslatable(path: Path) -> list[str]:
    """Words in a template outside of translation tags.

    Left out: names that are the same everywhere, what is marked `translate="no"`, and what names its own language.
    """
    finder = _LooseWords()
    finder.feed(_without_tags(path.read_text(encoding="utf-8")))
    finder.close()
    return finder.found


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


def _without_tags(code: str) -> str:
    """HTML with dots in place of every template tag and translated block."""
    return "".join(_pieces(code))


def _pieces(code: str) -> Iterable[str]:
    skipping = ""
    for token in Lexer(_VALUE_BLOCK.sub("", code)).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
        if skipping:
            skipping = "" if name == skipping else skipping
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            skipping = f"end{name}"
        elif token.token_type == TokenType.TEXT:
            yield token.contents
        elif token.token_type != TokenType.COMMENT:
            yield "…"


class _LooseWords(HTMLParser):
    """Collects words that stand in text or in attributes that are read aloud or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts, styles and parts marked translate="no" are left out."""
        own_language = ("translate", "no") in attrs or (tag != "html" and "lang" in dict(attrs))
        if self.silent or tag in {"script", "style", "kbd"} or own_language:
            self.silent.append(tag)
        else:
            self._look(" ".join(value or "" for name, value in attrs if name in _SPOKEN_ATTRIBUTES))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag without content cannot be silent for what follows."""

    def handle_endtag(self, tag: str) -> None:
        """Leave the silent part where it began."""
        if tag in self.silent:
            del self.silent[len(self.silent) - 1 - self.silent[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self.silent:
            self._look(data)

    def _look(self, text: str) -> None:
        if _WORD.search(_SAME_IN_ALL.sub("", text)):
            self.found.append(" ".join(text.split()))
