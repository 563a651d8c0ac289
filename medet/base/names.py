"""Personal names: Фамилия Имя Отчество, three spellings of the same person, and the order of the Kazakh alphabet.

Names are folded in Python (`family_fold` and its like) because the database has neither ICU collations nor unaccent
everywhere. Folding makes Kazakh, Russian and Latin spellings of a name meet: Жұмақызы = Жумакызы = Zhumakyzy.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"

# One folded letter for all that is confused between the two languages; soft and hard signs are not written in Kazakh.
_FOLDED = str.maketrans(
    {
        **dict(zip("әғқңөұүһҳіёйыщэ", "агкноууххиеиише", strict=True)),
        **{"я": "иа", "ю": "иу", "ъ": "", "ь": ""},
    }
)
# Letters that look the same in both scripts, for words typed half in one and half in the other.
_LOOKALIKE = str.maketrans("abcehkmoptxyi", "авсенкмортхуі")
# Latin spelling of Kazakh and Russian names, longest first; the right side is already folded.
_FROM_LATIN = {
    **{"shch": "ш", "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "gh": "г", "ts": "ц", "ye": "е", "x": "кс"},
    **dict(zip("abcdefghijklmnopqrstuvwyz", "абкдефгхижклмнопкрстуввиз", strict=True)),
    **{"ş": "ш", "š": "ш", "ç": "ч", "č": "ч", "ž": "ж", "ŋ": "н", "ı": "и"},
}
_LATIN_UNIT = re.compile("|".join(sorted(_FROM_LATIN, key=len, reverse=True)))
# For the names of accounts: plain Latin letters that every keyboard has.
_TO_LATIN = str.maketrans(
    {
        **dict(zip("абвгдеёзийклмнопрстуфыэәғқңөұүһі", "abvgdeezijklmnoprstufyeagqnouuhi", strict=True)),
        **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""},
    }
)
_STREET_WORDS = frozenset(
    {
        *("улица", "ул", "проспект", "просп", "пр", "переулок", "пер", "бульвар", "бул", "микрорайон", "мкр", "мкрн"),
        *(
            "шоссе",
            "площадь",
            "пл",
            "тупик",
            "проезд",
            "көшесі",
            "көш",
            "даңғылы",
            "даң",
            "тұйығы",
            "бульвары",
            "алаңы",
        ),
        *("ықшамаудан", "ықшамауданы", "ықшам", "ауданы", "мөлтек", "street", "st", "avenue", "ave"),
    }
)
MANY = 20_000  # names and streets that a list says again and again
_WORD_BREAKS = re.compile(r"[\s\-‐‑–—]+")


def tidy(name: str) -> str:
    """One name field as it is kept: composed letters, single spaces, and a capital when all was one case."""
    text = " ".join(unicodedata.normalize("NFC", name).replace("\u2010", "-").replace("\u2011", "-").split())
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), text) if text.isupper() or text.islower() else text


def full(family: str, given: str, patronymic: str = "") -> str:
    """Фамилия Имя Отчество; an empty part leaves no gap."""
    return " ".join(part for part in (family, given, patronymic) if part)


def short(family: str, given: str) -> str:
    """Фамилия Имя, for lists and for speaking to somebody."""
    return full(family, given)


def initials(family: str, given: str, patronymic: str = "") -> str:
    """«Ахметов Б. С.», the form of signatures and documents."""
    return " ".join([family, *(f"{part[0].upper()}." for part in (given, patronymic) if part)]).strip()


@lru_cache(maxsize=MANY)
def fold(text: str) -> str:
    """The form under which one name field is searched; empty when the text holds no letter."""
    plain = unicodedata.normalize("NFC", text).lower()
    folded = "".join(_fold_word(word) for word in _WORD_BREAKS.split(plain))
    return "".join(letter for letter, _ in groupby(folded))


def latin(text: str) -> str:
    """A name in small Latin letters: Айтқалиева -> ajtqalieva; empty when it has none."""
    return re.sub(r"[^a-z]", "", "".join(_without_marks(text.lower().translate(_TO_LATIN))))


@lru_cache(maxsize=MANY)
def fold_street(text: str) -> str:
    """A street for look-up: without the word for "street" and its like, which people leave out or shorten."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    telling = [word for word in words if word not in _STREET_WORDS] or words
    return "".join(word if word.isdigit() else fold(word) for word in telling)


def sort_key(text: str, lang: str = "kk") -> str:
    """Order of the Kazakh alphabet, which keeps the Russian order inside it; numbers go by value.

    Two hexadecimal digits a letter: the order is the same under every collation of the database.
    """
    weights = _WEIGHTS_LATIN_FIRST if lang == "en" else _WEIGHTS
    plain = unicodedata.normalize("NFC", text).lower()
    return "".join(_weigh(part, weights) for part in re.findall("[0-9]+|[^0-9]", _WORD_BREAKS.sub(" ", plain.strip())))


def _fold_word(word: str) -> str:
    if re.search("[a-z]", word) and re.search("[а-ӿ]", word):
        word = word.translate(_LOOKALIKE)
    bare = "".join(letter for letter in _without_marks(word) if letter.isalpha())
    return _LATIN_UNIT.sub(lambda unit: _FROM_LATIN[unit[0]], bare.translate(_FOLDED))


def _without_marks(word: str) -> str:
    """Letters without their accents, except where the table knows the accented letter as one of its own."""
    known = _FROM_LATIN.keys() | {"й", "ё"}
    return "".join(letter if letter in known else unicodedata.normalize("NFD", letter) for letter in word)


def _weigh(part: str, weights: dict[str, int]) -> str:
    if part[0] in "0123456789":  # longer numbers after shorter ones, so that № 10 follows № 2
        digits = part.lstrip("0")
        return f"{0x10 + min(len(digits), 9):02x}" + digits.rjust(2 * ((len(digits) + 1) // 2), "0")
    return f"{weights[part]:02x}" if part in weights else ""


def _weights(*scripts: str) -> dict[str, int]:
    return {" ": 0} | {letter: 0x20 + place for place, letter in enumerate("".join(scripts))}


_WEIGHTS = _weights(ALPHABET, _LATIN)
_WEIGHTS_LATIN_FIRST = _weights(_LATIN, ALPHABET)
