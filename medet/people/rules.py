"""How alike a typed word and a name are, and how well a person fits what was typed. All words are folded ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

EXACT, PREFIX, FUZZY = 0.0, 1.0, 2.0
NO_PATRONYMIC, GIVEN_ALONE, UNFINISHED = 0.3, 0.3, 0.5
FAMILY, GIVEN, PATRONYMIC = range(3)
SHORTEST_FUZZY = 3
TOO_FAR = 99.0

# Letters that ear, hand and the two spellings confuse: half a mistake.
_PAIRS = "ао еи ио уо иу ау ае кх гк гх дт бп зс жш чш чж шс цс вф мн цт уе"
_NEAR = frozenset(map(frozenset, _PAIRS.split()))
_SILENT = frozenset("идх")  # дж for ж, иие for ие, and a х that is written or not
_ENDINGS = ("овна", "евна", "ович", "евич", "улли", "ули", "кизи", "огли", "углли", "инична", "ична")

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The folded names a person is found by."""

    family: str
    given: str
    patronymic: str


def likeness(forms: Forms, name: str) -> float | None:
    """0 for the name itself, 1 when it begins so, from 2 when it was mistyped; None when it is another name."""
    found = [fit for fit in (_likeness(form, name) for form in forms) if fit is not None]
    return min(found, default=None)


@lru_cache(maxsize=20_000)
def _likeness(form: str, name: str) -> float | None:
    if not name:
        return None
    if name.startswith(form):
        return EXACT if form == name else PREFIX
    if len(form) < SHORTEST_FUZZY:
        return None
    mistakes = distance(form, name, most=forgiven(form))
    return FUZZY + mistakes if mistakes <= forgiven(form) else None


def forgiven(form: str) -> float:
    """How much may be wrong in a word of this length."""
    return max(1.0, 0.25 * len(form))


def distance(typed: str, name: str, *, most: float = TOO_FAR) -> float:
    """Mistakes between two words: swapped neighbours are one, letters that are confused half of one.

    Counting ends when there are more than `most`, because nearly all names compared are quite other ones.
    """
    before: list[float] = []
    row = [_sum_silent(name[:end]) for end in range(len(name) + 1)]
    for place, letter in enumerate(typed):
        above = row
        row = [above[0] + _weight(letter)]
        for column, other in enumerate(name):
            cost = min(
                above[column] + _change(letter, other),
                above[column + 1] + _weight(letter),
                row[column] + _weight(other),
            )
            if place and column and letter == name[column - 1] and typed[place - 1] == other:
                cost = min(cost, before[column - 1] + 1)
            row.append(cost)
        if min(row) > most and min(above) > most:
            return TOO_FAR
        before = above
    return min(row[-1], min(row) + UNFINISHED + 0.5) if len(typed) > SHORTEST_FUZZY else row[-1]


def _sum_silent(letters: str) -> float:
    return float(sum(map(_weight, letters)))


def _weight(letter: str) -> float:
    return 0.5 if letter in _SILENT else 1.0


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return 0.5 if frozenset((one, other)) in _NEAR else 1.0


def stem(patronymic: str) -> str:
    """A patronymic without its ending: Серикович and Серікұлы are one."""
    ending = next((end for end in _ENDINGS if patronymic.endswith(end) and len(patronymic) > len(end) + 1), "")
    return patronymic.removesuffix(ending)


def fit(words: Sequence[Forms], names: Names) -> float | None:
    """How well all typed words fit a person, whatever their order; None when one of them does not."""
    fields = range(PATRONYMIC + 1)
    ways = (_way(words, names, places) for places in permutations(fields, min(len(words), len(fields))))
    return min((way for way in ways if way is not None), default=None)


def _way(words: Sequence[Forms], names: Names, places: tuple[int, ...]) -> float | None:
    fits = [_FITS[place](word, names) for word, place in zip(words, places, strict=False)]
    known = [one for one in fits if one is not None]
    if len(known) == len(fits):
        # The worst word says of which kind the whole is; the others add a little.
        return max(known) + 0.1 * sum(known) + (GIVEN_ALONE if places == (GIVEN,) else 0.0)
    # A third word that is not the patronymic does not throw out a person whose other names are right.
    if len(fits) == 3 and len(known) == 2 and fits[places.index(PATRONYMIC)] is None:
        return max(known) + 0.1 * sum(known) + NO_PATRONYMIC
    return None


def _patronymic(word: Forms, names: Names) -> float | None:
    whole = likeness(word, names.patronymic)
    if whole == EXACT or not names.patronymic:
        return whole
    stems = likeness(tuple(stem(form) for form in word), stem(names.patronymic))
    return min((one for one in (whole, stems) if one is not None), default=None)


_FITS: dict[int, Callable[[Forms, Names], float | None]] = {
    FAMILY: lambda word, names: likeness(word, names.family),
    GIVEN: lambda word, names: likeness(word, names.given),
    PATRONYMIC: _patronymic,
}


def grade(fit: float) -> float:
    """People of one grade fit equally well: exact, prefix, and mistyped by half-mistakes."""
    return round(2 * fit) / 2 if fit >= FUZZY else float(int(fit))
