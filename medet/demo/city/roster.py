"""Who lives in the made-up city. Pure and the same every time: the phones and the seed both read it.

Nobody of these exists: IINs have month 00, telephone numbers begin with +7 700 000, house numbers with 900.
"""

import random
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from medet.base.iin import Sex, made_up
from medet.base.yamls import read
from medet.demo.phones.behaviours import Behaviour, Line

DATA = Path(__file__).parents[1] / "data"
SEED = 2020
FIRST_NUMBER = 1001
B = Behaviour
COUNTS = {
    B.FINE: 22, B.WORSE: 6, B.DANGER: 4, B.NOT_AT_HOME: 3, B.WANTS_DOCTOR: 3, B.NO_MEDICINES: 3, B.WRONG_KEYS: 3,
    B.HANGS_UP: 3, B.WRONG_PERSON: 2, B.WRONG_NUMBER: 1, B.SAYS_NOTHING: 1, B.NO_ANSWER: 4, B.BUSY: 2, B.REJECTS: 2,
    B.OFF: 1,
}  # fmt: skip
# Beyond those sixty, of whom there is one of every kind, most people do as they are asked.
MORE = {
    B.FINE: 62, B.WORSE: 7, B.DANGER: 2, B.NOT_AT_HOME: 3, B.WANTS_DOCTOR: 4, B.NO_MEDICINES: 4, B.WRONG_KEYS: 2,
    B.HANGS_UP: 4, B.NO_ANSWER: 6, B.BUSY: 3, B.REJECTS: 2, B.OFF: 1,
}  # fmt: skip
FIRST = sum(COUNTS.values())
PEOPLE = 300  # of the whole city
# Shares of the city, roughly: in the demo all three languages must be heard.
LANGUAGES = {"kk": "kk", "ru": "ru", "en": "other"}
LANGUAGE_OF_EACH_TEN = ("kk", "ru", "kk", "ru", "kk", "en", "ru", "kk", "ru", "kk")
RISKS = ("diabetes", "hypertension_cvd", "copd_asthma", "obesity", "ckd", "lonely")


@dataclass(frozen=True, kw_only=True)
class Made:
    """Somebody made up."""

    place: int
    behaviour: Behaviour
    language: str
    family_name: str
    given_name: str
    patronymic: str
    sex: Sex
    birth_date: date
    iin: str | None
    number: str
    district: str
    street: str
    house: str
    flat: str
    entrance: str
    floor: str
    clinic: str
    risks: tuple[str, ...]
    days_ill: int
    household: int | None

    @property
    def has_phone(self) -> bool:
        """One of them left no number: a person has to find it."""
        return self.place != 58


def load(name: str) -> Any:
    """A file of the demo's data."""
    return read(DATA / f"{name}.yaml")


@cache
def roster(count: int = FIRST) -> tuple[Made, ...]:
    """Everybody, in the order in which they fell ill; a larger city begins with the people of a smaller one."""
    chance = random.Random(SEED)  # noqa: S311 -- the same people every time is the point
    behaviours = [behaviour for behaviour, count in COUNTS.items() for _ in range(count)]
    chance.shuffle(behaviours)
    more = random.Random(SEED + 1)  # noqa: S311
    behaviours += more.choices(list(MORE), list(MORE.values()), k=max(0, count - FIRST))
    names, streets = load("names"), load("streets")
    made: list[Made] = []
    for place, behaviour in enumerate(behaviours):
        made.append(_somebody(place, behaviour, chance, names, streets, _neighbour(place, made)))
    return tuple(made)


def _neighbour(place: int, before: list[Made]) -> Made | None:
    """Every twelfth lives with the one before them, and shares the line."""
    return before[-1] if place % 12 == 11 else None


def _somebody(
    place: int, behaviour: Behaviour, chance: random.Random, names: Any, streets: Any, kin: Made | None
) -> Made:
    language = kin.language if kin else LANGUAGE_OF_EACH_TEN[place % 10]
    sex: Sex = chance.choice(("female", "male"))
    youngest, oldest = (19, 84) if place < FIRST else (3, 88)
    born = date(2020 - chance.randint(youngest, oldest), chance.randint(1, 12), chance.randint(1, 28))
    street = chance.choice(streets)
    home = _home(street, language, chance) if kin is None else _home_of(kin)
    risks = tuple(sorted(chance.sample(RISKS, chance.choice((0, 0, 1, 1, 2)))))
    return Made(
        place=place,
        behaviour=kin.behaviour if kin else behaviour,
        language=language,
        **_name(names[LANGUAGES[language]], sex, chance),
        sex=sex,
        birth_date=born,
        # One has no IIN: a temporary number stands in for it.
        iin=None if place == 57 else made_up(birth_date=born, sex=sex, serial=FIRST_NUMBER + place),
        number=kin.number if kin else f"+7700000{FIRST_NUMBER + place}",
        **home,
        clinic=chance.choice(streets)["clinic"] if place % 5 == 4 else street["clinic"],
        risks=(*(("age65",) if born.year <= 1955 else ()), *risks),
        days_ill=chance.choice((1, 2, 2, 3)),
        household=kin.place if kin else None,
    )


def _name(group: Any, sex: str, chance: random.Random) -> dict[str, str]:
    patronymics = group[f"patronymic_{sex}"]
    return {
        "family_name": chance.choice(group[f"family_{sex}"]),
        "given_name": chance.choice(group[f"given_{sex}"]),
        "patronymic": chance.choice(patronymics) if patronymics else "",
    }


def _home(street: Any, language: str, chance: random.Random) -> dict[str, str]:
    return {
        "district": street["district"],
        "street": street["kk" if language == "kk" else "ru"],
        "house": str(chance.randint(900, 960)),
        "flat": str(chance.randint(1, 96)),
        "entrance": str(chance.randint(1, 6)),
        "floor": str(chance.randint(1, 9)),
    }


def _home_of(kin: Made) -> dict[str, str]:
    return {name: getattr(kin, name) for name in ("district", "street", "house", "flat", "entrance", "floor")}


def lines(people: tuple[Made, ...]) -> dict[str, Line]:
    """Their telephone lines: one for each number, with the years of birth of all who share it."""
    found: dict[str, Line] = {}
    for made in people:
        years = found[made.number].birth_years if made.number in found else ()
        if made.has_phone:
            found[made.number] = Line(made.behaviour, (*years, made.birth_date.year), made.language)
    return found


def duty_lines() -> dict[str, Line]:
    """The telephones on duty of the organisations: somebody takes them up and says that the message was heard."""
    return {row["phone"]: Line(Behaviour.COLLEAGUE, language="kk") for row in load("clinics")}
