"""Finds words on screens that no translator will ever see: bare text in templates, plain labels in Python."""

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

_SPOKEN_ATTRIBUTE = re.compile(r"title|alt|placeholder|label|aria-label|aria-description|data-[\w-]*(label|words|text)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAME_IN_ALL = re.compile(r"\b(Medet|Ctrl|Esc|Tab|Enter|Shift|Alt)\b")
# A block that holds one lower-case word gives a value to an attribute of the page it extends.
_VALUE_BLOCK = re.compile(r"{% block \w+ %}[a-z-]+{% endblock( \w+)? %}")
_LABEL_ARGUMENTS = {"label", "empty_label"}


def in_template(code: str) -> list[str]:
    """Words outside of translation tags.

    Left out: names that are the same everywhere, what is marked `translate="no"`, and what names its own language.
    """
    finder = _LooseWords()
    finder.feed("".join(_pieces(code)))
    finder.close()
    return finder.found


def in_python(code: str) -> list[str]:
    """Labels of choices and form fields that are plain strings; a language is called by its own name."""
    tree = ast.parse(code)
    return [label for label in (*_choices(tree), *_labels(tree)) if _WORD.search(label)]


def _choices(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        bases = [getattr(base, "id", getattr(base, "attr", "")) for base in getattr(node, "bases", [])]
        if isinstance(node, ast.ClassDef) and {"TextChoices", "IntegerChoices"} & {*bases} and node.name != "Language":
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
                    yield from _plain(line.value.elts[1:])


def _labels(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")).endswith("Field"):
            yield from _plain(keyword.value for keyword in node.keywords if keyword.arg in _LABEL_ARGUMENTS)


def _plain(values: Iterable[ast.expr]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _pieces(code: str) -> Iterable[str]:
    """HTML with dots in place of every template tag and translated block."""
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
        """Scripts, styles, keys and parts of a marked language are left out."""
        own_language = ("translate", "no") in attrs or (tag != "html" and "lang" in dict(attrs))
        if self.silent or tag in {"script", "style", "kbd"} or own_language:
            self.silent.append(tag)
        else:
            self._look_at(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag without content cannot silence what follows."""
        if not self.silent:
            self._look_at(attrs)

    def handle_endtag(self, tag: str) -> None:
        """Leave the silent part where it began."""
        if tag in self.silent:
            del self.silent[len(self.silent) - 1 - self.silent[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self.silent:
            self._look(data)

    def _look_at(self, attrs: list[tuple[str, str | None]]) -> None:
        self._look(" ".join(value or "" for name, value in attrs if _SPOKEN_ATTRIBUTE.fullmatch(name)))

    def _look(self, text: str) -> None:
        if _WORD.search(_SAME_IN_ALL.sub("", text)):
            self.found.append(" ".join(text.split()))
