"""The rota of this and the next week: a whole one, but for one night that nobody has, and one swap that waits."""

from datetime import date, datetime, time, timedelta

from medet.base.actor import WORKER
from medet.base.clock import LOCAL, local_day
from medet.demo.city.places import City
from medet.flows.swaps import ask_colleague
from medet.staff.actions import set_speaks
from medet.staff.models import Duty, User
from medet.staff.rota.actions.planning import Planned, Wanted, plan_duty, put_need
from medet.staff.rota.actions.shifts import start_shift
from medet.staff.rota.rules import monday_of, span
from medet.staff.states import Role

DAY, NIGHT, OFFICE = (time(8), time(20)), (time(20), time(8)), (time(8), time(17))
WEEK = range(1, 8)
NEEDS = (
    Wanted(role=Role.DOCTOR, weekdays=WEEK, starts=DAY[0], ends=DAY[1], count=2),
    Wanted(role=Role.DOCTOR, weekdays=WEEK, starts=DAY[0], ends=DAY[1], count=1, language="kk"),
    Wanted(role=Role.DOCTOR, weekdays=WEEK, starts=NIGHT[0], ends=NIGHT[1], count=1),
    Wanted(role=Role.OPERATOR, weekdays=WEEK, starts=DAY[0], ends=DAY[1], count=2),
    Wanted(role=Role.SUPERVISOR, weekdays=range(1, 6), starts=OFFICE[0], ends=OFFICE[1], count=1),
)
SPEAKS = {
    "doctor": ["kk", "ru"],
    "doctor2": ["ru"],
    "doctor3": ["en", "ru"],
    "doctor4": ["kk", "ru"],
    "doctor5": ["kk", "ru"],
    "doctor6": ["kk", "ru"],
    "operator": ["kk", "ru"],
    "operator2": ["ru"],
    "operator3": ["kk", "ru"],
    "operator4": ["ru"],
}
# Day, day, night, and as many days off; any two neighbours have one who speaks Kazakh.
DOCTORS = ("doctor", "doctor2", "doctor4", "doctor3", "doctor5", "doctor6")
DOCTORS_TURN = (DAY, DAY, NIGHT, None, None, None)
OPERATORS = ("operator", "operator2", "operator3", "operator4")
OPERATORS_TURN = (DAY, DAY, None, None)
GAP_IN, SWAP_IN = timedelta(days=2), timedelta(days=1)


def plan_rota(city: City, *, since: datetime, now: datetime) -> None:
    """From the day the city began to the end of next week."""
    today = local_day(now)
    for wanted in NEEDS:
        put_need(organisation=city.centre, wanted=wanted, valid_from=monday_of(today), by=WORKER, now=since)
    for name, languages in SPEAKS.items():
        set_speaks(user=city.users[name], languages=languages, by=WORKER, now=since)
    first = max(monday_of(today), local_day(since) + timedelta(days=1))
    days = (monday_of(today) + timedelta(days=14) - first).days
    for step in range(days):
        _day(city, first + timedelta(days=step), today, now=since)
    _swap(city, today, now=now)
    for name in ("doctor2", "operator2"):
        start_shift(by=city.actor(name, now=now), now=now - timedelta(minutes=5))


def _day(city: City, day: date, today: date, *, now: datetime) -> None:
    for people, turn, role in ((DOCTORS, DOCTORS_TURN, Role.DOCTOR), (OPERATORS, OPERATORS_TURN, Role.OPERATOR)):
        for place, name in enumerate(people):
            # Whose logins are offered first are on duty when the city is looked at.
            clocks = turn[((day - today).days + place) % len(turn)]
            if clocks and not (clocks is NIGHT and day == today + GAP_IN):
                _plan(city, city.users[name], role, day, clocks, now=now)
    if day.isoweekday() < 6:
        _plan(city, city.users["supervisor"], Role.SUPERVISOR, day, OFFICE, now=now)


def _plan(city: City, user: User, role: Role, day: date, clocks: tuple[time, time], *, now: datetime) -> None:
    starts_at, ends_at = span(day, *clocks, LOCAL)
    planned = Planned(user=user, role=role, organisation=city.centre, starts_at=starts_at, ends_at=ends_at)
    plan_duty(planned=planned, by=WORKER, now=now)


def _swap(city: City, today: date, *, now: datetime) -> None:
    """Who has tomorrow's night asks a colleague who is off for days."""
    starts_at, _ends_at = span(today + SWAP_IN, *NIGHT, LOCAL)
    duty = Duty.objects.get(role=Role.DOCTOR, starts_at=starts_at, dropped_at__isnull=True)
    asker = city.actor(next(name for name, user in city.users.items() if user.pk == duty.user_id), now=now)
    ask_colleague(duty=duty, colleague=city.users["doctor3"], in_return=None, by=asker, now=now)
