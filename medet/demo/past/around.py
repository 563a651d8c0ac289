"""What else a centre's day brings: people ring in, and hospitals are asked about those who lie there."""

from datetime import date, datetime, time, timedelta

from medet.contacts.actions import note_inbound
from medet.contacts.calls.models import CallLine
from medet.contacts.states import Direction, InboundReason
from medet.demo.past.life import Life, at
from medet.demo.past.manner import lot, weighted
from medet.flows.admission import still_there
from medet.flows.end_case import end_case
from medet.monitoring.models import Enrolment
from medet.records.models import Case
from medet.records.states import CaseState
from medet.staff.states import Role
from medet.tasks.queries import open_about

REASONS = {"consultation": 52, "suspected": 23, "complaint": 9, "other": 16}
KNOWN = 0.35  # of the callers: people who are observed at home that day
IN_HOSPITAL = 8  # days, until they are well again


def ring_in(life: Life, day: date, count: int) -> None:
    """So many calls of people on a day, round the clock and most of them by day; those that are noted already count."""
    first = at(day, time())
    rows = CallLine.objects.filter(direction=Direction.INBOUND, at__gte=first, at__lt=first + timedelta(days=1))
    watched = list(_watched(life, day)) if rows.count() < count else []
    for place in range(rows.count(), count):
        chance = lot("rings", day, place)
        now = first + timedelta(seconds=int(86_400 * chance.triangular(0, 0.999, 0.55)))
        one = chance.choice(watched) if watched and chance.random() < KNOWN else None
        note_inbound(
            organisation=life.city.centre,
            person=one.case.person if one else None,
            case=one.case if one else None,
            reason=InboundReason(weighted(REASONS, chance)),
            language=one.case.person.language if one else chance.choice(("kk", "ru", "ru")),
            by=life.somebody(Role.OPERATOR, place, now=now),
            now=now,
        )


def _watched(life: Life, day: date) -> list[Enrolment]:
    """Those who came before that day and had not ended by its morning."""
    rows = Enrolment.objects.filter(started_on__lt=day).exclude(ended_at__lt=at(day + timedelta(days=1), time()))
    return list(rows.filter(organisation=life.city.centre).select_related("case__person").order_by("pk"))


def ask_hospitals(life: Life, *, now: datetime) -> None:
    """Operators ask about those whose question is due today; after some days a doctor hears that they are well."""
    rows = Case.objects.filter(state=CaseState.ADMITTED).select_related("person").order_by("pk")
    for place, case in enumerate(life.mine(rows, lambda row: row)):
        task = open_about([case.uid]).get(case.uid)
        if task is None or task.due_at > now + timedelta(hours=12):
            continue
        stay = life.stay(case)
        if now - at(stay.first + timedelta(days=stay.days), time()) < timedelta(days=IN_HOSPITAL):
            operator = life.somebody(Role.OPERATOR, place, now=now)
            still_there(case=life.opens(case, by=operator, now=now, why="hospital"), by=operator, now=now)
        else:
            doctor = life.somebody(Role.DOCTOR, place, now=now)
            end_case(case=case, to=CaseState.RECOVERED, by=doctor, now=now)
