"""How many of everything on which day. The sums are the source's (design §7); how they fall on days is made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from medet.demo.past.manner import Stay, lot, weighted

FIRST, LAST, LAST_CALLS = date(2020, 11, 1), date(2020, 12, 20), date(2020, 12, 19)
INBOUND = {11: 4_569, 12: 2_756}
OUTBOUND = {11: 9_763, 12: 12_579}
PATIENTS, ADMITTED = 2_022, 25
# Made up: how many of the patients came in November, and how long they were watched (about a week).
IN_NOVEMBER = 0.46
DAYS = {6: 15, 7: 35, 8: 30, 9: 20}
OTHER_ENDS = {"ended": 92, "not_confirmed": 5, "refused": 3}
EARLY = 0.8  # of the patients: those who go to hospital are among them, so that all of them get there in time


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in these proportions with exactly this sum."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    found = [int(part) for part in exact]
    rest = sorted(range(len(exact)), key=lambda place: found[place] - exact[place])
    for place in rest[: total - sum(found)]:
        found[place] += 1
    return found


def days(first: date, last: date) -> list[date]:
    """Both ends included."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


@dataclass(frozen=True)
class Quotas:
    """All numbers of the period, or one of so many of each."""

    one_of: int = 1
    first: date = FIRST
    last: date = LAST

    @property
    def last_calls(self) -> date:
        """The day before the last."""
        return self.last - timedelta(days=1)

    @property
    def patients(self) -> int:
        """Taken under observation at home."""
        return round(PATIENTS / self.one_of)

    @property
    def admitted(self) -> int:
        """Taken to hospital."""
        return max(1, round(ADMITTED / self.one_of))

    def inbound(self, month: int) -> int:
        """Calls to the centre."""
        return round(INBOUND[month] / self.one_of)

    def outbound(self, month: int) -> int:
        """Calls of the robot and of the staff."""
        return round(OUTBOUND[month] / self.one_of)

    @cached_property
    def intake(self) -> dict[date, int]:
        """New patients of each day: more from week to week, fewer on Sundays."""
        found: dict[date, int] = {}
        november = round(self.patients * IN_NOVEMBER)
        for month, count in ((11, november), (12, self.patients - november)):
            own = [day for day in days(self.first, self.last) if day.month == month]
            weights = [(1 + (day - self.first).days / 60) * (0.6 if day.isoweekday() == 7 else 1) for day in own]
            found |= dict(zip(own, apportion(count, weights), strict=True))
        return found

    @cached_property
    def stays(self) -> list[Stay]:
        """When everybody comes and goes, in the order in which they come."""
        first = [day for day, count in self.intake.items() for _ in range(count)]
        step = self.patients * EARLY / self.admitted
        to_hospital = {int(step * (place + 0.5)) for place in range(self.admitted)}
        return [_stay(place, day, to_hospital) for place, day in enumerate(first)]

    def watched(self, day: date) -> int:
        """How many are under observation on a day."""
        return sum(stay.first <= day < stay.first + timedelta(days=stay.days) for stay in self.stays)

    def calls_of(self, day: date, made: int) -> int:
        """Outbound calls of a day, when so many were made in its month before: by the people who are watched."""
        last = self.last_calls if day.month == self.last.month else date(day.year, day.month, 30)
        weights = [self.watched(other) for other in days(day, last)]
        return apportion(self.outbound(day.month) - made, weights)[0]

    def rung_on(self, day: date) -> int:
        """Inbound calls of a day."""
        own = [other for other in days(self.first, self.last_calls) if other.month == day.month]
        weights = [0.9 + lot("inbound", other).random() / 5 for other in own]
        return dict(zip(own, apportion(self.inbound(day.month), weights), strict=True)).get(day, 0)


def _stay(place: int, first: date, to_hospital: set[int]) -> Stay:
    chance = lot("stay", place)
    if place in to_hospital:
        return Stay(first, chance.randint(2, 4), "hospitalise")
    return Stay(first, weighted(DAYS, chance), weighted(OTHER_ENDS, chance))
