"""Finding a person by IIN, telephone or name, among those the actor may see.

A name is first looked up in the dictionaries, which are small: as it stands, by its beginning, and mistyped by
trigrams (platform §5). Only then people who bear those names are fetched, by equality.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from itertools import permutations
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse

from medet.base import secret
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.wanted import Wanted, read
from medet.people.bearers import MOST, Candidate, candidates
from medet.people.dictionary import INITIAL, Known, Reading, alike, beginnings, neighbours
from medet.people.models import Person, Phone
from medet.people.queries import visible_to
from medet.people.rules import Forms, fit, grade

SAME_END = 5000  # telephones that end alike: a thousand among ten million for four digits
ENOUGH = 5  # so many fit as they were typed, and mistyped names are not looked for
Look = Callable[[Iterable[QuerySet[Person]]], list[Candidate]]
ROOT = 3  # letters of a patronymic that are the same in both languages


@dataclass(frozen=True)
class Found:
    """One page of the people who fit, the best first."""

    people: Sequence[Person]
    total: int
    after: UUID | None = None  # the person after whom the next page begins
    by_number: bool = False  # asked by a number alone
    open_roots: frozenset[int] = frozenset()  # who of them has an open case

    @property
    def cut(self) -> bool:
        """Whether there are more people than are listed."""
        return self.total >= MOST


def find_people(text: str, *, by: Actor, now: datetime, size: int = MOST, after: UUID | None = None) -> Found:
    """A page of the people meant by what was typed, whatever it was; `after` is the last person of the page before."""
    wanted = read(text, today=local_day(now))
    people = _narrowed(wanted)
    look = partial(candidates, by=by, now=now)
    rows = _named(people, wanted.readings, look) if wanted.readings else _numbered(people, wanted, look)
    rows = _once_each(rows)[:MOST]
    begin = next((place + 1 for place, row in enumerate(rows) if row.uid == after), 0)
    page = rows[begin : begin + size]
    more = page[-1].uid if begin + size < len(rows) else None
    open_roots = frozenset(row.root_id for row in page if row.is_open)
    return Found(_people(page, by=by, now=now), len(rows), more, wanted.is_number, open_roots)


def _narrowed(wanted: Wanted) -> QuerySet[Person]:
    """By day or year of birth and by the end of a telephone, which stand beside a name as well as alone."""
    people = Person.objects.all()
    if wanted.born:
        people = people.filter(reduce(or_, (Q(birth_date__range=span) for span in wanted.born)))
    if wanted.tail:
        people = people.filter(_bearing(Phone.objects.alias(end=Reverse("number")), end__startswith=wanted.tail[::-1]))
    return people


def _bearing(phones: QuerySet[Phone], **number: str) -> Q:
    """Whoever has such a number, as a list: how many share an end is guessed so badly that one statement reads all."""
    owners = list(phones.filter(**number).values_list("person_id", flat=True)[:SAME_END])
    return Q(root_id__in=list(Person.objects.filter(pk__in=owners).values_list("root_id", flat=True)))


def _numbered(people: QuerySet[Person], wanted: Wanted, look: Look) -> list[Candidate]:
    """Whose number it is; nobody when nothing was said that could be looked for."""
    if wanted.iin:
        people = people.filter(iin_hash=secret.keyed_hash(wanted.iin))
    elif wanted.phone:
        people = people.filter(_bearing(Phone.objects.all(), number=wanted.phone))
    elif not (wanted.tail or wanted.born):
        return []
    return sorted(look([people]), key=lambda row: (not row.is_open, row.order, row.pk))


def _named(people: QuerySet[Person], meant: Sequence[Reading], look: Look) -> list[Candidate]:
    """People of the likeliest readings; mistyped names are looked for only when few fit as they stand."""
    known = beginnings(meant)
    most = max(known.hits(reading) for reading in meant)
    readings = [reading for reading in meant if known.hits(reading) == most]
    as_typed = look(_ways_of(people, readings, known, by_patronymic=True))
    ranked = _ranked(as_typed, readings)
    if len(ranked) >= ENOUGH:
        return ranked
    mistyped = look(_ways_of(people, readings, known | neighbours(readings), by_patronymic=False))
    return _ranked([*as_typed, *mistyped], readings)


def _ways_of(
    people: QuerySet[Person], readings: Iterable[Reading], known: Known, *, by_patronymic: bool
) -> Iterator[QuerySet[Person]]:
    for reading in readings:
        yield from (people.filter(way) for way in _ways(reading, known, by_patronymic=by_patronymic))


def _ways(words: Reading, known: Known, *, by_patronymic: bool) -> Iterator[Q]:
    """Which word is the family name and which the given one. Each way is one look into an index.

    A patronymic beside one name narrows little, so it is asked for only beside names as they were typed; a third
    word only ranks.
    """
    if len(words) == 1:
        yield from (way for way in (_family(words[0], known), _given(words[0], known)) if way)
        return
    parts = [(_family(word, known), _given(word, known), _initial(word), word) for word in words]
    for (family, given, _i, _w), (_f, other_given, initial, other) in permutations(parts, 2):
        pairs = [(family, other_given or initial)]
        if by_patronymic and len(words) == 2:
            # Beside a family name no index helps, and `contains` keeps the planner from reading one all the same.
            pairs += [(family, _patronymic(other, "contains")), (given, _patronymic(other, "startswith"))]
        yield from (first & second for first, second in pairs if first and second)


def _family(word: Forms, known: Known) -> Q | None:
    names = alike(word, known.surnames)
    return Q(family_fold__in=names) if names else None


def _given(word: Forms, known: Known) -> Q | None:
    names = alike(word, known.given_names)
    return Q(given_fold__in=names) if names else None


def _initial(word: Forms) -> Q | None:
    initials = [form for form in word if len(form) <= INITIAL]
    return reduce(or_, (Q(given_fold__startswith=form) for form in initials)) if initials else None


def _patronymic(word: Forms, how: str) -> Q:
    """Loosely, because its ending is another one in each language; the rank looks closer."""
    return reduce(or_, (Q(**{f"patronymic_fold__{how}": form[:ROOT]}) for form in word))


def _ranked(rows: Iterable[Candidate], readings: Sequence[Reading]) -> list[Candidate]:
    """Exact, then by beginning, then mistyped; among equals whoever has an open case, then the order of names."""
    scored = []
    for row in {row.pk: row for row in rows}.values():
        fits = [found for found in (fit(reading, row.names) for reading in readings) if found is not None]
        if fits:
            scored.append((grade(min(fits)), not row.is_open, min(fits), row.order, row.pk, row))
    return [row for *_rank, row in sorted(scored, key=lambda one: one[:-1])]


def _once_each(rows: Iterable[Candidate]) -> list[Candidate]:
    """A merged human being stands once, where the best of the records stands."""
    best: dict[int, Candidate] = {}
    for row in rows:
        best.setdefault(row.root_id, row)
    return list(best.values())


def _people(rows: Sequence[Candidate], *, by: Actor, now: datetime) -> list[Person]:
    """The root of each where the actor may see it, else the record that was found."""
    wanted = {row.pk for row in rows} | {row.root_id for row in rows}
    people = visible_to(by, now=now).filter(pk__in=wanted).in_bulk()
    return [people.get(row.root_id) or people[row.pk] for row in rows]
