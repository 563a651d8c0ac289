"""Whom a made-up past is about, who works in it, and how the work is shared by several processes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TypeVar

from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.demo.city.places import City
from medet.demo.city.roster import Made
from medet.demo.past.manner import CALM, WORSE, Stay
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import programme
from medet.monitoring.schema import Programme
from medet.records.models import Case
from medet.records.queries import open_case_for
from medet.staff.states import Role

Row = TypeVar("Row")
PROGRAMME = "covid-home"
AT_ONCE = 12  # people of one role on duty, where there are so many


def at(day: date, clock: time) -> datetime:
    """A moment of the city's day."""
    return datetime.combine(day, clock, LOCAL).astimezone(UTC)


@dataclass(frozen=True)
class Share:
    """Which of several processes this is; each does its share of the work."""

    index: int = 0
    of: int = 1

    def of_cases(self, rows: Iterable[Row], case_id: Callable[[Row], int]) -> list[Row]:
        """The rows of this one's cases, so that two never move the same."""
        return [row for row in rows if case_id(row) % self.of == self.index]

    def of_list(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Every n-th."""
        return rows[self.index :: self.of]


WHOLE = Share()


@dataclass
class Life:
    """The city, the people by the key of their record, and how long each is observed."""

    city: City
    who: dict[int, Made]
    stays: dict[int, Stay]  # by place in the roster
    people: tuple[Made, ...] = ()  # also those who are still to come
    share: Share = WHOLE
    calm: Mapping[str, int] = field(default_factory=lambda: CALM)  # what doctors decide, and how often
    worse: Mapping[str, int] = field(default_factory=lambda: WORSE)
    only: bool = False  # others live here too, whose past is not made up
    actors: dict[str, Actor] = field(default_factory=dict)

    @cached_property
    def file(self) -> Programme:
        """What is asked."""
        return programme(PROGRAMME).file

    def made(self, row: Case | Enrolment) -> Made:
        """Who it is in the roster."""
        return self.who[row.person_id]

    def stay(self, row: Case | Enrolment) -> Stay:
        """How long they are observed."""
        return self.stays[self.made(row).place]

    def mine(self, rows: Iterable[Row], case_of: Callable[[Row], Case | Enrolment]) -> list[Row]:
        """This process's share of rows about people of this past."""
        known = [row for row in rows if not self.only or case_of(row).person_id in self.who]
        return self.share.of_cases(known, lambda row: _case_id(case_of(row)))

    def somebody(self, role: Role, turn: int, *, now: datetime) -> Actor:
        """Of those of the centre who are on duty that day one after the other."""
        names = self.city.staff(role)
        first = now.toordinal() * AT_ONCE
        return self.actor(names[(first + turn % AT_ONCE) % len(names)], now=now)

    def actor(self, name: str, *, now: datetime) -> Actor:
        """Nobody's role changes in a made-up past: asked once."""
        if name not in self.actors:
            self.actors[name] = self.city.actor(name, now=now)
        return self.actors[name]

    def opens(self, case: Case, *, by: Actor, now: datetime, why: str) -> Case:
        """Somebody of the staff opens the card, which the audit keeps."""
        return open_case_for(uid=case.uid, by=by, now=now, why=why)


def _case_id(row: Case | Enrolment) -> int:
    return row.pk if isinstance(row, Case) else row.case_id
