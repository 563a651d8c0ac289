"""Pure decisions about readings."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from medet.records.states import Pcr


class PcrTest(NamedTuple):
    """A PCR test: the day of its sample, and what it says."""

    on: date
    result: Pcr


def results_by_day(said: Iterable[PcrTest]) -> Mapping[date, set[Pcr]]:
    """What stands of each day, from all that was said in its order: a positive that was taken back does not."""
    days: dict[date, set[Pcr]] = {}
    for on, result in said:
        day = days.setdefault(on, set())
        if result == Pcr.WITHDRAWN:
            day.discard(Pcr.POSITIVE)
        else:
            day.add(result)
    return days


def last_test(said: Iterable[PcrTest]) -> PcrTest | None:
    """The newest test by the day of its sample; of two results of one day the positive one counts."""
    days = {on: results for on, results in results_by_day(said).items() if results}
    if not days:
        return None
    newest = max(days)
    return PcrTest(newest, Pcr.POSITIVE if Pcr.POSITIVE in days[newest] else Pcr.NEGATIVE)


def is_control(test: PcrTest | None, *, onset: date | None) -> bool:
    """Whether it says that somebody is well again: a negative of before the illness says nothing of its end."""
    return test is not None and test.result == Pcr.NEGATIVE and (onset is None or test.on >= onset)


def is_news(one: PcrTest, stands: Mapping[date, set[Pcr]]) -> bool:
    """Whether it says what does not stand there yet; only a positive can be taken back."""
    day = stands.get(one.on, set())
    return Pcr.POSITIVE in day if one.result == Pcr.WITHDRAWN else one.result not in day
