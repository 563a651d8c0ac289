"""Coded lists as data: ICD-10, risk groups, outcomes and advice in three languages."""

from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from medet.base.names import fold
from medet.base.refused import Refused
from medet.base.yamls import read

FOLDER = Path(__file__).parent / "data"


@cache
def codes(name: str) -> dict[str, dict[str, str]]:
    """A list by name: code -> {kk, ru, en}."""
    rows = read(FOLDER / f"{name}.yaml")
    return {str(row["code"]): {key: row[key] for key in ("kk", "ru", "en")} for row in rows}


def check_code(name: str, code: str) -> str:
    """The code itself when the list has it, else a refusal."""
    if code not in codes(name):
        raise Refused("conclusion.code_unknown", code=code)
    return code


def label(name: str, code: str, language: str | None = None) -> str:
    """The words of a code in the language of the moment; the code itself when it is not listed."""
    names = codes(name).get(code)
    return names[(language or get_language() or "ru")[:2]] if names else code


def choices(name: str) -> list[tuple[str, str]]:
    """The list for a form."""
    return [(code, label(name, code)) for code in codes(name)]


def words(name: str, language: str) -> list[tuple[str, str]]:
    """The list in the patient's language, whatever the reader's is."""
    return [(code, label(name, code, language)) for code in codes(name)]


def find(name: str, text: str) -> list[str]:
    """The code that was written, else every code whose words hold the text in any language."""
    exact = [code for code in codes(name) if code.casefold() == text.strip().casefold()]
    wanted = fold(text)
    if exact or not wanted:
        return exact
    return [code for code, words in codes(name).items() if any(wanted in fold(word) for word in words.values())]
