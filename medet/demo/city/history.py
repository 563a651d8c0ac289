"""The days before today, lived through by the same flows with the clock of those days.

Calls, keys, diaries, alerts, conclusions and home visits: so that timelines and curves have something to show.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from medet.base import policy
from medet.base.actor import ROBOT, WORKER
from medet.base.clock import LOCAL
from medet.base.scope import scope
from medet.contacts.calls.actions import CallEnd, mark_answered, permit
from medet.contacts.calls.claim import Claimed, Manners, claim
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.demo.city.places import City
from medet.demo.city.roster import Made
from medet.demo.phones.behaviours import SILENT, Behaviour, calm, troubled
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.doctor_contact import ask_doctors
from medet.flows.end_call import end_call
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish
from medet.flows.settle_alert import settle_alert
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.flows.windows import close_windows
from medet.flows.write_contact import write_contact
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.states import Urgency, VisitReason, VisitResult, VisitState
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.monitoring.queries import alerts_of, programme
from medet.monitoring.states import AlertState, DueState, EnrolmentState
from medet.records.actions import Findings
from medet.records.states import Severity, Source

PASSES = (time(9, 10), time(11, 40), time(14, 10), time(17, 10))
DIARY, NIGHT = time(7, 50), time(20, 5)
LEASE = timedelta(hours=1)  # one after the other takes its time, and nobody else rings in the past
CALLER = "demo"  # the process that rang on those days
OUTCOMES = {
    Behaviour.NO_ANSWER: AttemptOutcome.NO_ANSWER,
    Behaviour.OFF: AttemptOutcome.NO_ANSWER,
    Behaviour.BUSY: AttemptOutcome.BUSY,
    Behaviour.REJECTS: AttemptOutcome.REJECTED,
}
GETTING_WORSE = (Behaviour.WORSE, Behaviour.DANGER)
ADVICE = ("stay_home", "drink", "temperature", "call_103")


def at(day: date, clock: time) -> datetime:
    """A moment of the city's day."""
    return datetime.combine(day, clock, LOCAL).astimezone(UTC)


@dataclass
class Past:
    """One made-up past day after the other."""

    city: City
    who: Mapping[int, Made]  # enrolment -> the person of the roster
    chance: random.Random

    def live(self, day: date) -> None:
        """A whole day, from the diaries of the morning to the night."""
        plan_day(day=day, by=WORKER, now=at(day, time(8)))
        ask_doctors(by=WORKER, now=at(day, time(8)))
        self.diaries(day)
        for clock in PASSES:
            self.ring(at(day, clock))
        close_windows(by=WORKER, now=at(day, NIGHT))
        self._by_hand(day)
        self._doctor(day)
        self._visits(day)

    # -- patients ---------------------------------------------------------------------------

    def diaries(self, day: date) -> None:
        """Two of three have an oximeter and write down what it shows."""
        for enrolment in Enrolment.objects.filter(state=EnrolmentState.ACTIVE, started_on__lt=day).order_by("pk"):
            made = self.who[enrolment.pk]
            if made.place % 3:
                told = Told(enrolment=enrolment, programme=programme(enrolment.programme_code), source=Source.DIARY)
                now = at(day, DIARY) + timedelta(seconds=30 * made.place)
                answers_arrived(told=told, given=self._measures(made, enrolment, day), by=WORKER, now=now)

    def _measures(self, made: Made, enrolment: Enrolment, day: date) -> dict[str, str]:
        days = (day - enrolment.started_on).days
        worse = made.behaviour in GETTING_WORSE
        spo2 = 97 - (days if worse else 0) - self.chance.randint(0, 1)
        fever = 36.7 + (0.4 * days if worse else 0.9 / (days + 1)) + self.chance.randint(-1, 2) / 10
        return {
            "spo2": str(max(spo2, 93)),
            "temperature": f"{min(fever, 38.4):.1f}",
            "pulse": str(72 + (6 * days if worse else 0) + self.chance.randint(-4, 8)),
        }

    def _answers(self, made: Made) -> dict[str, str]:
        """Mostly calm; now and then the complaint that today's call will repeat."""
        file = programme("covid-home").file
        rule = {Behaviour.WORSE: "worse", Behaviour.NO_MEDICINES: "no_medicines"}.get(made.behaviour)
        return calm(file) | (troubled(file, rule) if self.chance.random() < 0.5 else {})

    # -- calls ------------------------------------------------------------------------------

    def ring(self, now: datetime, *, caller: str = CALLER) -> None:
        """Everybody who is due, one after the other."""
        manners = Manners(
            daily_cap=policy.whole("call.daily_attempts", now=now),
            gap=timedelta(minutes=policy.whole("call.min_gap_minutes", now=now)),
            quiet_start=policy.local_time("call.hours.start", now=now),
            quiet_end=policy.local_time("call.hours.end", now=now),
            zone=str(LOCAL),
        )
        for place, claimed in enumerate(claim(limit=500, worker=caller, manners=manners, lease=LEASE, now=now)):
            self._call(claimed, now + timedelta(seconds=20 * place))

    def _call(self, claimed: Claimed, now: datetime) -> None:
        made = self.who[claimed.enrolment_id]
        if not permit(attempt_id=claimed.attempt_id, lease=LEASE, caller_id="", trunk="main", now=now):
            return
        if made.behaviour in SILENT and self.chance.random() < 0.7:
            end = CallEnd(outcome=OUTCOMES[made.behaviour], sip_code=SILENT[made.behaviour][1], ended_by="peer")
            now += timedelta(seconds=30)
        else:
            end = self._talk(claimed, made, now + timedelta(seconds=8))
            now += timedelta(seconds=95)
        end_call(attempt_id=claimed.attempt_id, end=end, by=ROBOT, now=now)

    def _talk(self, claimed: Claimed, made: Made, now: datetime) -> CallEnd:
        contact = mark_answered(attempt_id=claimed.attempt_id, lease=LEASE, by=ROBOT, now=now)
        assert contact is not None
        asked = programme("covid-home")
        told = Told(
            enrolment=Enrolment.objects.get(pk=claimed.enrolment_id),
            programme=asked,
            source=Source.ROBOT,
            contact_uid=contact.uid,
            due_contact=contact.due_contact,
        )
        given = self._answers(made)
        answers_arrived(told=told, given=given, by=ROBOT, now=now + timedelta(seconds=80))
        pressed = [question.by_value(given[question.key]) for question in asked.file.questions]
        return CallEnd(
            outcome=AttemptOutcome.ANSWERED,
            contact_outcome=ContactOutcome.COMPLETE,
            sip_code=200,
            ended_by="us",
            digits="".join(option.digit for option in pressed if option),
        )

    # -- staff ------------------------------------------------------------------------------

    def _by_hand(self, day: date) -> None:
        """Operators ring whom the robot did not reach."""
        now = at(day, NIGHT) + timedelta(minutes=5)
        for due in DueContact.objects.filter(on=day, state=DueState.HANDED).select_related("enrolment__case__person"):
            made = self.who[due.enrolment_id]
            given = self._answers(made) | self._measures(made, due.enrolment, day)
            by = self.city.actor("operator2", now=now)
            write_contact(case=due.enrolment.case, given=given, by=by, now=now + timedelta(seconds=made.place))

    def _doctor(self, day: date) -> None:
        """Every open alert of the day is concluded on or settled before the evening ends."""
        now = at(day, NIGHT) + timedelta(minutes=30)
        doctor, operator = self.city.actor("doctor", now=now), self.city.actor("operator", now=now)
        for alert in Alert.objects.filter(state=AlertState.OPEN).select_related("case__person").order_by("due_at"):
            if not Alert.objects.filter(pk=alert.pk, state=AlertState.OPEN).exists():
                continue  # concluded on together with a graver one of the same case
            if alert.band == "signal":
                settle_alert(alert=alert, to=AlertState.ACTED, by=operator, now=now)
            else:
                conclude(case=alert.case, decision=self._decision(alert), by=doctor, now=now)

    def _decision(self, alert: Alert) -> Decision:
        visit = self.who[alert.enrolment_id].place % 2 == 0 and not HomeVisit.objects.filter(case=alert.case).exists()
        findings = Findings(
            severity=Severity(alert.case.severity),
            icd10=alert.case.icd10,
            outcome="home_visit" if visit else "more_often",
            advice=ADVICE,
            treatment="Парацетамол 500 мг при температуре выше 38,5 °C",
            note="",
        )
        wish = VisitWish(reason=VisitReason.WORSENING, urgency=Urgency.DAY)
        then, seen = Next.VISIT if visit else Next.GO_ON, frozenset(row.uid for row in alerts_of(alert.case))
        return Decision(findings=findings, then=then, visit=wish if visit else None, seen=seen)

    def _visits(self, day: date) -> None:
        """The clinics visit, and the centre reads what they found."""
        now = at(day, NIGHT) + timedelta(minutes=40)
        for visit in HomeVisit.objects.filter(state=VisitState.SENT).order_by("pk"):
            receiver = self.city.receiver(visit.clinic, now=now)
            with scope(receiver):
                advance_visit(visit=visit, to=VisitState.RECEIVED, by=receiver, now=now)
                advance_visit(visit=visit, to=VisitState.ASSIGNED, by=receiver, now=now, assigned_to="Сейітова Г. М.")
                later = now + timedelta(minutes=20)
                advance_visit(visit=visit, to=VisitState.UNDER_WAY, by=receiver, now=later)
                found = VisitFindings(
                    result=VisitResult.STAYS_HOME, icd10=visit.icd10, note="SpO₂ 95 %", pcr_taken=True
                )
                finish_visit(visit=visit, findings=found, by=receiver, now=now + timedelta(minutes=55))
            operator = self.city.actor("operator", now=now)
            advance_visit(visit=visit, to=VisitState.CLOSED, by=operator, now=now + timedelta(minutes=70))
