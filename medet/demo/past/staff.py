"""What operators and doctors do on a past day: ring whom the robot did not reach, conclude, end observations."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.demo.past.life import Life
from medet.demo.past.manner import Stay, lot, measured, said, weighted, well
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.doctor_contact import doctor_not_reached
from medet.flows.end_case import end_case
from medet.flows.not_reached import not_reached
from medet.flows.request_visit import VisitWish
from medet.flows.settle_alert import settle_alert
from medet.flows.write_contact import write_contact
from medet.handovers.models import HomeVisit
from medet.handovers.states import Urgency, VisitReason
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.monitoring.queries import alerts_of
from medet.monitoring.states import AlertState, Band, DueState, EnrolmentState
from medet.records.actions import Findings
from medet.records.models import Case
from medet.records.states import CaseState, Severity, WithoutPcr
from medet.staff.states import Role

ADVICE = ("stay_home", "drink", "temperature", "call_103")
BETWEEN = timedelta(seconds=40)
SURE = timedelta(minutes=20)  # until it is known that the hospital has somebody
MISSES = 0.15  # of the calls people of the centre make
TREATMENT = "Парацетамол 500 мг при температуре выше 38,5 °C"


def by_hand(life: Life, *, now: datetime) -> None:
    """Operators ring whom the robot did not reach; who does not answer them either is rung once more."""
    handed = DueContact.objects.filter(state=DueState.HANDED, on__lte=local_day(now))
    rows = life.mine(_with_case(handed), lambda due: due.enrolment)
    for place, enrolment in enumerate({due.enrolment_id: due.enrolment for due in rows}.values()):
        by, moment = life.somebody(Role.OPERATOR, place, now=now), now + place * BETWEEN
        case = life.opens(enrolment.case, by=by, now=moment, why="call")
        if lot("hand", life.made(case).place, local_day(now)).random() < MISSES:
            not_reached(case=case, by=by, now=moment)
            moment += timedelta(hours=1)
        _write(life, case, by=by, now=moment)


def consult(life: Life, *, now: datetime) -> None:
    """Doctors speak with those whose day has come, and conclude."""
    asked = DueContact.objects.filter(state=DueState.DOCTORS, on__lte=local_day(now))
    rows = life.mine(_with_case(asked), lambda due: due.enrolment)
    for place, enrolment in enumerate({due.enrolment_id: due.enrolment for due in rows}.values()):
        by, moment = life.somebody(Role.DOCTOR, place, now=now), now + place * BETWEEN
        case = life.opens(enrolment.case, by=by, now=moment, why="consultation")
        if lot("doctor", life.made(case).place, local_day(now)).random() < MISSES:
            doctor_not_reached(case=case, by=by, now=moment)
            moment += timedelta(hours=1)
        _write(life, case, by=by, now=moment)
        if not _open(case, Band.RED):
            _decide(life, case, by=by, now=moment + timedelta(minutes=3), shares=life.calm)


def answer_alerts(life: Life, *, now: datetime, rings: bool = True) -> None:
    """Every open alert of the day is acted on: an operator's is settled, a doctor rings and concludes."""
    alerts = Alert.objects.filter(state=AlertState.OPEN).select_related("case__person").order_by("due_at", "pk")
    for place, alert in enumerate(life.mine(alerts, lambda alert: alert.case)):
        moment = now + place * BETWEEN
        if not Alert.objects.filter(pk=alert.pk, state=AlertState.OPEN).exists():
            continue  # concluded on together with a graver one of the same case
        if alert.band == Band.SIGNAL and alert.rule != "wants_doctor":
            operator = life.somebody(Role.OPERATOR, place, now=now)
            settle_alert(alert=alert, to=AlertState.ACTED, by=operator, now=moment)
            continue
        doctor = life.somebody(Role.DOCTOR, place, now=now)
        case = life.opens(alert.case, by=doctor, now=moment, why="alert")
        if rings:
            _write(life, case, by=doctor, now=moment)
        later = moment + timedelta(minutes=3)
        if life.stay(case).to_hospital and _is_over(life.stay(case), local_day(now)):
            _end(life, case, by=doctor, now=later)
        else:
            _decide(life, case, by=doctor, now=later, shares=life.worse)


def end_stays(life: Life, *, now: datetime) -> None:
    """Whose days are over: well again, or what else was found."""
    active = Enrolment.objects.filter(state=EnrolmentState.ACTIVE).select_related("case__person").order_by("pk")
    over = [row for row in life.mine(active, lambda row: row) if _is_over(life.stay(row), local_day(now))]
    for place, enrolment in enumerate(over):
        by, moment = life.somebody(Role.DOCTOR, place, now=now), now + place * BETWEEN
        _end(life, life.opens(enrolment.case, by=by, now=moment, why="end"), by=by, now=moment)


def check_calls(life: Life, count: int, *, now: datetime) -> None:
    """So many calls of the staff to people who are watched, one after the other."""
    active = Enrolment.objects.filter(state=EnrolmentState.ACTIVE).select_related("case__person").order_by("-pk")
    rows = list(active)
    for place in life.share.of_list(range(count)):
        by = life.somebody(Role.OPERATOR if place % 3 else Role.DOCTOR, place, now=now)
        moment = now + place * timedelta(seconds=10)
        case = life.opens(rows[place % len(rows)].case, by=by, now=moment, why="call")
        write_contact(case=case, given=well(), by=by, now=moment)


def _with_case(rows: Iterable[DueContact]) -> Iterable[DueContact]:
    return rows.select_related("enrolment__case__person").order_by("on", "pk")  # type: ignore[attr-defined,no-any-return]


def _is_over(stay: Stay, day: date) -> bool:
    return (day - stay.first).days >= stay.days - 1


def _write(life: Life, case: Case, *, by: Actor, now: datetime) -> None:
    made, stay, day = life.made(case), life.stay(case), local_day(now)
    write_contact(case=case, given=said(made, day, stay, life.file) | measured(made, day, stay), by=by, now=now)


def _end(life: Life, case: Case, *, by: Actor, now: datetime) -> None:
    stay = life.stay(case)
    severity = Severity.SEVERE if stay.to_hospital else Severity(case.severity)
    findings = Findings(severity=severity, icd10=case.icd10, outcome=stay.outcome, advice=ADVICE[:2])
    conclude(
        case=case,
        decision=Decision(findings=findings, then=stay.then, seen=seen(case), without_pcr=WithoutPcr.SYMPTOMS),
        by=by,
        now=now,
    )
    if stay.to_hospital:
        operator, later = life.somebody(Role.OPERATOR, life.made(case).place, now=now), now + SURE
        admitted(life.opens(case, by=operator, now=later, why="hospital"), by=operator, now=later)


def admitted(case: Case, *, by: Actor, now: datetime) -> None:
    """An operator has heard that the hospital has them."""
    end_case(case=case, to=CaseState.ADMITTED, by=by, now=now, shown=seen(case))


def _open(case: Case, band: str) -> bool:
    return any(alert.band == band for alert in alerts_of(case))


def _decide(life: Life, case: Case, *, by: Actor, now: datetime, shares: Mapping[str, int]) -> None:
    outcome = weighted(shares, lot("decide", life.made(case).place, local_day(now)))
    visit = outcome == "home_visit" and not HomeVisit.objects.filter(case=case).exists()
    findings = Findings(
        severity=Severity(case.severity),
        icd10=case.icd10,
        outcome=outcome if visit or outcome != "home_visit" else "more_often",
        advice=ADVICE,
        treatment=TREATMENT if shares is life.worse else "",
    )
    wish = VisitWish(reason=VisitReason.WORSENING, urgency=Urgency.DAY) if visit else None
    then = Next.VISIT if visit else Next.GO_ON
    conclude(case=case, decision=Decision(findings=findings, then=then, visit=wish, seen=seen(case)), by=by, now=now)


def seen(case: Case) -> frozenset[UUID]:
    """All that stands on the doctor's page."""
    return frozenset(alert.uid for alert in alerts_of(case))
