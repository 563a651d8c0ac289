"""The weeks before the demo's last days: most of the city, made a few people at a time while the demo already runs.

The whole past of a group is one transaction, so nobody is ever seen half-way through it and nobody is without an owner.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.partitions import make_ahead
from medet.base.scope import scope
from medet.contacts.campaigns.actions import DAILY
from medet.demo.city.everybody import found
from medet.demo.city.history import Past
from medet.demo.city.places import standing
from medet.demo.city.roster import FIRST, PEOPLE, Made, roster
from medet.demo.city.seed import one_transaction
from medet.demo.past import staff
from medet.demo.past.around import IN_HOSPITAL, ask_hospitals, ring_in
from medet.demo.past.arrivals import come
from medet.demo.past.life import Life, at
from medet.demo.past.manner import Stay, lot, weighted
from medet.flows.doctor_contact import ask_doctors
from medet.flows.plan_day import plan_day

AGO, SHORTEST, LONGEST = 28, 6, 11
GROUP = 4
ENDS = {"ended": 90, "not_confirmed": 6, "refused": 4}
TO_HOSPITAL = 30  # one of so many
EVENING = time(21)
RING_IN = 9, 19  # people a day


def groups(today: date) -> list[tuple[Made, ...]]:
    """Those who are not here yet, whoever fell ill first first."""
    with scope(WORKER):
        here = {made.place for made in found(roster(PEOPLE)).values()}
    rest = sorted(
        (made for made in roster(PEOPLE)[FIRST:] if made.place not in here),
        key=lambda made: (stay_of(made, today).first, made.place),
    )
    return [tuple(rest[place : place + GROUP]) for place in range(0, len(rest), GROUP)]


def stay_of(made: Made, today: date) -> Stay:
    """When somebody fell ill, for how long they are observed, and how it ends; some are ill still."""
    place = made.place if made.household is None else made.household
    first = today - timedelta(days=lot("since", place).randint(1, AGO))
    chance = lot("weeks", made.place)
    if made.place % TO_HOSPITAL == 0:
        return Stay(first, chance.randint(2, 4), "hospitalise")
    return Stay(first, chance.randint(SHORTEST, LONGEST), weighted(ENDS, chance))


def make_past(group: Sequence[Made], *, now: datetime) -> None:
    """These people's days until today."""
    today = local_day(now)
    with scope(WORKER), one_transaction():
        stays = {made.place: stay_of(made, today) for made in group}
        life = Life(standing(), {}, stays, tuple(group), only=True)
        make_ahead(now=now, since=min(stay.first for stay in stays.values()).replace(day=1))
        # The city's own campaigns of those days are finished, and what is finished rings nobody.
        past = Past(life, campaign=f"{DAILY} {group[0].place}")
        for day in _days(stays, today):
            come(life, day)
            past.live(day)
            ask_hospitals(life, now=at(day, EVENING))
            staff.end_stays(life, now=at(day, EVENING))
        past.diaries(today)
        plan_day(day=today, by=WORKER, now=now)
        ask_doctors(by=WORKER, now=now)


def _days(stays: dict[int, Stay], today: date) -> Iterator[date]:
    """Those on which one of them is ill, at home or in hospital, until yesterday."""
    for ago in range(AGO, 0, -1):
        day = today - timedelta(days=ago)
        if any(stay.first <= day < stay.first + timedelta(days=_until_well(stay)) for stay in stays.values()):
            yield day


def _until_well(stay: Stay) -> int:
    return stay.days + (IN_HOSPITAL + 1 if stay.to_hospital else 0)


def make_calls(*, now: datetime) -> None:
    """The calls of people to the centre on the days before today; the callers that are known come from who was here."""
    with scope(WORKER), one_transaction():
        life, today = Life(standing(), {}, {}), local_day(now)
        make_ahead(now=now, since=(today - timedelta(days=AGO)).replace(day=1))
        for ago in range(AGO, 0, -1):
            day = today - timedelta(days=ago)
            ring_in(life, day, lot("inbound", day).randint(*RING_IN))
