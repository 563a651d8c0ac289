"""How clinics treat a request of the centre: as they should, or as clinics sometimes do."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from medet.base.scope import scope
from medet.demo.past.life import Life
from medet.demo.past.manner import lot, weighted
from medet.flows.redirect_visit import redirect_visit
from medet.flows.request_visit import VisitWish
from medet.flows.visit_again import visit_again
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.states import OPEN, Urgency, VisitReason, VisitResult, VisitState
from medet.places.models import Organisation
from medet.places.states import Kind
from medet.records.states import OBSERVED
from medet.staff.states import Role

V = VisitState
# What the clinic does with a request, and after how many hours it begins to.
PROMPT: Mapping[str, int] = {"visits": 1}
UNRELIABLE: Mapping[str, int] = {
    "visits": 45, "late": 20, "silent": 10, "not_found": 10, "refuses": 8, "redirects": 7,
}  # fmt: skip
AFTER = {"late": timedelta(hours=9), "silent": timedelta(days=2)}
ANY = ("visits", "late", "silent")
DOCTOR = "Сейітова Г. М."


def clinics_move(life: Life, *, now: datetime, habits: Mapping[str, int] = PROMPT) -> None:
    """Requests that wait at the clinics go as each clinic does."""
    sent = HomeVisit.objects.filter(state=V.SENT).select_related("case__person", "clinic").order_by("pk")
    for visit in life.mine(sent, lambda visit: visit.case):
        # A redirected request is a request of its own, with a lot of its own.
        how = weighted(dict(habits), lot("clinic", life.made(visit.case).place, visit.clinic_id))
        if visit.sent_at and now - visit.sent_at >= AFTER.get(how, timedelta()):
            _moves(life, visit, how, now=now)


def _moves(life: Life, visit: HomeVisit, how: str, *, now: datetime) -> None:
    receiver = life.city.receiver(visit.clinic, now=now)
    there = _other(visit)  # a clinic itself does not see where else the request was
    with scope(receiver):
        if how == "refuses":
            advance_visit(visit=visit, to=V.REFUSED, by=receiver, now=now, refusal="Нет свободных врачей")
            return
        if how == "redirects":
            redirect_visit(visit=visit, to=there, why="Адрес другого участка", by=receiver, now=now)
            return
        advance_visit(visit=visit, to=V.RECEIVED, by=receiver, now=now)
        advance_visit(visit=visit, to=V.ASSIGNED, by=receiver, now=now, assigned_to=DOCTOR)
        later = now + timedelta(minutes=20)
        if how == "not_found":
            advance_visit(visit=visit, to=V.NOT_FOUND, by=receiver, now=later)
            return
        advance_visit(visit=visit, to=V.UNDER_WAY, by=receiver, now=later)
        found = VisitFindings(result=VisitResult.STAYS_HOME, icd10=visit.icd10, note="SpO₂ 95 %", pcr_taken=True)
        finish_visit(visit=visit, findings=found, by=receiver, now=now + timedelta(minutes=55))


def _other(visit: HomeVisit) -> Organisation:
    """A clinic that has not had the request yet."""
    had = HomeVisit.objects.filter(case=visit.case).values("clinic")
    others = Organisation.objects.filter(kind=Kind.POLYCLINIC).exclude(pk__in=had)
    return others.order_by("pk").first() or visit.clinic


def read_results(life: Life, *, now: datetime) -> None:
    """Operators read what came back: a result is closed; nobody found or a refusal is asked for once more."""
    back = HomeVisit.objects.filter(state__in=(V.DONE, V.NOT_FOUND, V.REFUSED)).select_related("case__person")
    for place, visit in enumerate(life.mine(back.order_by("pk"), lambda visit: visit.case)):
        operator = life.somebody(Role.OPERATOR, place, now=now)
        again = visit.state != V.DONE and visit.case.state in OBSERVED
        if again and HomeVisit.objects.filter(case=visit.case).count() < 3:
            wish = VisitWish(reason=VisitReason.DOCTOR_ASKS, urgency=Urgency.DAY, clinic=_other(visit))
            visit_again(visit=visit, wish=wish, by=operator, now=now)
        else:
            advance_visit(visit=visit, to=V.CLOSED, by=operator, now=now)


def is_open(visit: HomeVisit) -> bool:
    """Whether somebody owes a move."""
    return visit.state in OPEN
