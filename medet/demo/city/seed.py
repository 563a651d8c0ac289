"""Builds the made-up city, once: a city that stands is left as it is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from medet.base import policy
from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.demo.city.history import Past
from medet.demo.city.people import fall_ill, register, share_lines, watch
from medet.demo.city.places import PASSWORD, STAFF, City, Login, build, logins, receiver_of
from medet.demo.city.roster import PEOPLE, Made, duty_lines, lines, load, roster
from medet.demo.city.rota import plan_rota
from medet.demo.past.life import Life, at
from medet.demo.past.manner import Stay
from medet.demo.past.staff import ADVICE, SURE, admitted, seen
from medet.demo.phones import behaviours
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.doctor_contact import ask_doctors
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish
from medet.flows.visit_moves import advance_visit
from medet.handovers.models import HomeVisit
from medet.handovers.states import Urgency, VisitReason, VisitState
from medet.people.models import Person
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.records.actions import Findings
from medet.records.models import Case
from medet.records.states import LEAVES_HOME, Severity, WithoutPcr

HISTORY_DAYS = 3
OPENED = timedelta(days=60)
LONG = 60  # days: longer than the demo's past
# So that a visitor sees the second attempt: in minutes. Quiet hours and the cap of a day stay as they are.
DEMO_LIMITS: dict[str, Any] = {
    "call.min_gap_minutes": 2,
    "call.retry_minutes": {
        "busy": 2, "no_answer": 3, "answered": 3, "network_failed": 1, "cancelled": 1, "unknown": 3,
    },
    "call.slots": [],
}  # fmt: skip
NOT_YET_WATCHED = 2  # of the last to fall ill
ENDED = {3: "ended", 9: "not_confirmed", 15: "hospitalise"}
VISITS_OF_TODAY = {20: None, 26: VisitState.RECEIVED}


def stands() -> bool:
    """Whether the city was built already."""
    return Organisation.objects.filter(kind=Kind.TELEMEDICINE_CENTRE).exists()


def seed(*, now: datetime) -> bool:
    """The whole city up to this moment; False when it stood already. The caller holds the transaction."""
    if stands():
        return False
    with one_transaction():
        _build(now=now)
    return True


@contextmanager
def one_transaction() -> Iterator[None]:
    """No savepoints within: a fault anywhere undoes the whole city, and they are half of all statements."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _build(*, now: datetime) -> None:
    today = local_day(now)
    began = at(today - timedelta(days=HISTORY_DAYS + 1), time(9))
    # The centre is older than its last days: the weeks before are made while the demo runs (weeks.py).
    city = build(now=began - OPENED)
    people = _people(city, now=began)
    past = Past(Life(city, {person.pk: made for made, person in people.items()}, _stays(today)))
    cases: dict[int, Case] = {}
    for days_ago in range(HISTORY_DAYS, 0, -1):
        cases |= _new_cases(city, people, days_ago, now=at(today - timedelta(days=days_ago), time(10)))
        past.live(today - timedelta(days=days_ago))
    _endings(city, cases, now=at(today - timedelta(days=1), time(21)))
    past.diaries(today)
    _today(city, people, cases, now=now)
    plan_rota(city, since=began, now=now)


def _stays(today: date) -> dict[int, Stay]:
    """Since when each is ill; how it ends is not known yet."""
    return {made.place: Stay(today - timedelta(days=made.days_ill), LONG) for made in roster()}


def _people(city: City, *, now: datetime) -> dict[Made, Person]:
    operator = city.actor("operator", now=now)
    people = {made: register(made, city, by=operator, now=now) for made in roster()}
    share_lines(people, now=now)
    return people


def _new_cases(city: City, people: dict[Made, Person], days_ago: int, *, now: datetime) -> dict[int, Case]:
    """Those who fell ill on this day, and their observation half an hour later."""
    operator = city.actor("operator", now=now)
    found: dict[int, Case] = {}
    for made, person in list(people.items())[:-NOT_YET_WATCHED]:
        if made.days_ill == days_ago:
            found[made.place] = fall_ill(made, person, city, by=operator, now=now)
            watch(found[made.place], by=operator, now=now + timedelta(minutes=30))
    return found


def _endings(city: City, cases: dict[int, Case], *, now: datetime) -> None:
    """A few are well again, one went to hospital."""
    doctor = city.actor("doctor2", now=now)
    for place, outcome in ENDED.items():
        case = cases[place]
        findings = Findings(severity=Severity(case.severity), icd10=case.icd10, outcome=outcome)
        to_hospital = outcome in LEAVES_HOME
        then = Next.GO_ON if to_hospital else Next.END
        conclude(
            case=case,
            decision=Decision(findings=findings, then=then, seen=seen(case), without_pcr=WithoutPcr.SYMPTOMS),
            by=doctor,
            now=now,
        )
        if to_hospital:
            admitted(case, by=city.actor("operator", now=now), now=now + SURE)


def _today(city: City, people: dict[Made, Person], cases: dict[int, Case], *, now: datetime) -> None:
    """New cases of the morning, home visits on their way, the limits of the demo, and the day's plan."""
    operator = city.actor("operator", now=now)
    for made, person in list(people.items())[-NOT_YET_WATCHED:]:
        fall_ill(made, person, city, by=operator, now=now)
    for place, state in VISITS_OF_TODAY.items():
        _visit(city, cases[place], state, now=now)
    for code, value in DEMO_LIMITS.items():
        policy.change(code=code, value=value, valid_from=local_day(now), legal_ref="demo", by=WORKER, now=now)
    plan_day(day=local_day(now), by=WORKER, now=now)
    ask_doctors(by=WORKER, now=now)


def _visit(city: City, case: Case, state: VisitState | None, *, now: datetime) -> None:
    before = now - timedelta(minutes=12)
    doctor = city.actor("doctor", now=before)
    findings = Findings(severity=Severity(case.severity), icd10=case.icd10, outcome="home_visit", advice=ADVICE[:2])
    wish = VisitWish(reason=VisitReason.DOCTOR_ASKS, urgency=Urgency.TODAY)
    decision = Decision(findings=findings, then=Next.VISIT, visit=wish, seen=seen(case))
    conclude(case=case, decision=decision, by=doctor, now=before)
    visit = HomeVisit.objects.filter(case=case, state=VisitState.SENT).get()
    if state:
        receiver = city.receiver(visit.clinic, now=now)
        advance_visit(visit=visit, to=state, by=receiver, now=now - timedelta(minutes=5))


def write_files(folder: Path) -> None:
    """What the phones do, for their process; and the logins, for the greeting and the sign-in page."""
    behaviours.write(folder / "demo" / "phones.json", lines(roster(PEOPLE)) | duty_lines())
    shown = offered()
    rows = [{"username": login.username, "role": login.role.value, "password": PASSWORD} for login in shown]
    (folder / "demo" / "logins.json").write_text(json.dumps(rows), "utf-8")
    words = [f"{login.username:<12} {login.role.value}" for login in shown]
    words += ["clinic101 ... clinic116: who receives home visits at each clinic; head101 ... head116: their heads"]
    (folder / "logins.txt").write_text(f"Password of everybody: {PASSWORD}\n" + "\n".join(words) + "\n", "utf-8")


def offered() -> list[Login]:
    """The centre's staff, and who receives at the clinics where a home visit waits from the first moment."""
    doors = {row[language]: row["clinic"] for row in load("streets") for language in ("kk", "ru")}
    waiting = {receiver_of(doors[roster()[place].street]) for place in VISITS_OF_TODAY}
    return [*STAFF, *(login for login in logins() if login.username in waiting)]
