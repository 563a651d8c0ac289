"""People who come under observation on a past day: registered by an operator, and observed a few minutes later."""

from datetime import date, time, timedelta

from medet.demo.city.people import PROGRAMME, fall_ill, register
from medet.demo.past.life import Life, at
from medet.flows.observe import begin
from medet.staff.states import Role


def come(life: Life, day: date) -> None:
    """Those whose first day it is and who are not here yet; the day's plan has to follow in the same breath."""
    known = {made.place for made in life.who.values()}
    new = [made for made in life.people if life.stays[made.place].first == day and made.place not in known]
    for place, made in enumerate(new):
        now = at(day, time(8, 20)) + place * timedelta(seconds=30)
        by = life.somebody(Role.OPERATOR, place, now=now)
        person = register(made, life.city, by=by, now=now)
        life.who[person.pk] = made
        case = fall_ill(made, person, life.city, by=by, now=now)
        begin(case=case, programme_code=PROGRAMME, by=by, now=now + timedelta(minutes=5))
