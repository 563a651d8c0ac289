"""Scores the search on the hundred spellings (spellings/*.yaml): people among a crowd of others with common names."""

from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import yaml

from medet.base.actor import WORKER, Actor
from medet.base.iin import made_up
from medet.people.actions import Identity, register_person
from medet.people.find import find_people
from medet.people.models import Person
from medet.places.models import Organisation
from tests import make

FOLDER = Path(__file__).parent / "spellings"
FIRST = 5
FAMILIES = (
    "Ахметов Серіков Жумабаев Иванов Ким Оспанов Нұрланов Абдрахманов Искаков Сериков Тулегенов Мухамеджанов Касымов "
    "Жұмағұлов Хасенов Құдайбергенов Ибрагимов Соловьев Щеглов Ершов Шмаков Смагулов Дүйсенов Төлегенов Нургалиев"
)
GIVENS = "Нұрлан Айгүл Сәуле Серік Данияр Виктор Юлия Алексей Бақыт Ержан Светлана Мадина Гүлнар Санжар Тимур"


@dataclass(frozen=True)
class Spelling:
    """What was typed, in which way, and who was meant."""

    kind: str
    typed: str
    finds: str
    meant: str = ""


def spellings(part: str) -> list[Spelling]:
    """`development` or `held_back`."""
    return [Spelling(**row) for row in yaml.safe_load((FOLDER / f"{part}.yaml").read_text("utf-8"))]


def populate(organisation: Organisation) -> dict[str, Person]:
    """The people of the set by their keys, and the crowd around them."""
    for place, (family, given) in enumerate(product(FAMILIES.split(), GIVENS.split())):
        born = date(1950 + place % 50, 1 + place % 12, 1 + place % 28)
        _register(organisation, family, given, "", born, serial=5000 + place)
    named = yaml.safe_load((FOLDER / "people.yaml").read_text("utf-8"))
    return {key: _register(organisation, *row, serial=place) for place, (key, row) in enumerate(named.items(), 1)}


def _register(
    organisation: Organisation, family: str, given: str, patronymic: str, born: date, *, serial: int
) -> Person:
    identity = Identity(
        family_name=family,
        given_name=given,
        patronymic=patronymic,
        birth_date=born,
        iin=made_up(birth_date=born, sex="female", serial=serial),
    )
    return register_person(identity=identity, organisation=organisation, by=WORKER, now=make.NOON)


def missed(part: str, people: dict[str, Person], *, by: Actor) -> list[tuple[Spelling, int | None]]:
    """Spellings whose person is not among the first five, with the place where they stand, if anywhere."""
    lost = []
    for spelling in spellings(part):
        found = [person.pk for person in find_people(spelling.typed, by=by, now=make.NOON).people]
        key = people[spelling.finds].pk
        place = found.index(key) + 1 if key in found else None
        if place is None or place > FIRST:
            lost.append((spelling, place))
    return lost
