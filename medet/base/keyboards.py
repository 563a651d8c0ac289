"""What somebody meant to type: the same keys under another layout, and names in Latin letters, spelled in several ways.

A layout stays switched on for the whole text, so every reading is one of all its words.
"""

import re

from medet.base.names import fold

# Keys of the American layout, plain and with shift, and what the Russian one gives for them.
_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + '{}:"<>~'
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё" + "хъжэбюё"
_RUSSIAN_MEANT = str.maketrans(_KEYS, _RUSSIAN)
_LATIN_MEANT = str.maketrans(_RUSSIAN[:33], _KEYS[:33])
# The Kazakh layout is the Russian one with its own letters in the row of digits.
_ROW = str.maketrans("2345890-=@#$%*()_+№", "әіңғүұқөһәіңғүұқөһі")
_KAZAKH_MEANT = _RUSSIAN_MEANT | _ROW
# The digits of that row as they come out when the Kazakh layout is on.
_DIGITS_MEANT = str.maketrans('"әіңғ,.үұқ', "1234567890")
# One Latin spelling that stands for several; the plain transliteration of `fold` does the rest.
_ALIKE = (("dzh", "zh"), ("dj", "zh"), ("tch", "ch"), ("ck", "k"), ("ph", "f"), ("ou", "u"), ("oo", "u"), ("ee", "i"))
_SEVERAL = (("x", ("kh", "ks")), ("yo", ("e", "io")), ("j", ("zh", "y")), ("c(?!h)", ("k", "ts")))
MOST_FORMS = 8


def readings(words: tuple[str, ...]) -> list[tuple[tuple[str, ...], ...]]:
    """Every likely reading of a text, the likeliest first: of each word the folded forms it may have in the names."""
    text = " ".join(words)
    meant = [words, *(_under(layout, words) for layout in _layouts(text))]
    found = [tuple(form for form in map(forms, reading) if form) for reading in meant]
    return list(dict.fromkeys(reading for reading in found if reading))


def forms(word: str) -> tuple[str, ...]:
    """The folded forms of one word; a Latin spelling may stand for several names."""
    spellings = [word.lower()]
    if re.search("[a-z]", spellings[0]):
        spellings = _latin(spellings[0])
    return tuple(dict.fromkeys(form for form in map(fold, spellings) if form))


def digits_meant(word: str) -> str:
    """The digits of a number, also typed in the upper row of the Kazakh layout; empty when it is no number."""
    meant = word.lower().translate(_DIGITS_MEANT) if re.search("[әіңғүұқӘІҢҒҮҰҚ]", word) else word
    return meant if meant.isascii() and meant.isdigit() else ""


def _layouts(text: str) -> list[dict[int, int]]:
    """Layouts under which these keys would be other letters."""
    latin, cyrillic = re.search("[a-zA-Z]", text), re.search("[а-яёА-ЯЁ]", text)
    if latin:
        return [_RUSSIAN_MEANT, _KAZAKH_MEANT]
    return [*([_ROW] if re.search(r"[0-9№]", text) else []), _LATIN_MEANT] if cyrillic else []


def _under(layout: dict[int, int], words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.lower().translate(layout) for word in words)


def _latin(word: str) -> list[str]:
    for several, one in _ALIKE:
        word = word.replace(several, one)
    spellings = [word]
    for unit, meant in _SEVERAL:
        spellings = list(dict.fromkeys(re.sub(unit, one, spelling) for spelling in spellings for one in meant))
    return spellings[:MOST_FORMS]
