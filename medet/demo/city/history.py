"""The days before today, lived through by the same flows with the clock of those days.

Calls, keys, diaries, alerts, conclusions and home visits: so that timelines and curves have something to show.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from medet.base.actor import WORKER
from medet.contacts.campaigns.actions import DAILY
from medet.demo.past import clinics, robot, staff
from medet.demo.past.life import Life, at
from medet.demo.past.manner import measured
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.doctor_contact import ask_doctors
from medet.flows.finish_campaigns import finish_campaigns
from medet.flows.plan_day import plan_day
from medet.flows.windows import close_windows
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import programme
from medet.monitoring.states import EnrolmentState
from medet.records.states import Source

PASSES = (time(9, 10), time(11, 40), time(14, 10), time(17, 10))
DIARY, NIGHT = time(7, 50), time(20, 5)
MOST = 500


@dataclass
class Past:
    """One made-up past day after the other."""

    life: Life
    campaign: str = DAILY

    def live(self, day: date) -> None:
        """A whole day, from the diaries of the morning to the night."""
        finish_campaigns(by=WORKER, now=at(day, time(8)))
        plan_day(day=day, by=WORKER, now=at(day, time(9)), campaign=self.campaign)
        ask_doctors(by=WORKER, now=at(day, time(8, 50)))
        self.diaries(day)
        for clock in PASSES:
            self.ring(at(day, clock))
        night = at(day, NIGHT)
        staff.consult(self.life, now=night - timedelta(hours=2))
        close_windows(by=WORKER, now=night)
        staff.by_hand(self.life, now=night + timedelta(minutes=5))
        staff.answer_alerts(self.life, now=night + timedelta(minutes=30))
        clinics.clinics_move(self.life, now=night + timedelta(minutes=40))
        clinics.read_results(self.life, now=night + timedelta(minutes=110))

    def diaries(self, day: date) -> None:
        """Two of three have an oximeter and write down what it shows."""
        rows = Enrolment.objects.filter(state=EnrolmentState.ACTIVE, started_on__lt=day).select_related("case__person")
        for enrolment in self.life.mine(rows.order_by("pk"), lambda row: row):
            made = self.life.made(enrolment)
            if made.place % 3:
                told = Told(enrolment=enrolment, programme=programme(enrolment.programme_code), source=Source.DIARY)
                now = at(day, DIARY) + timedelta(seconds=10 * made.place)
                given = measured(made, day, self.life.stay(enrolment))
                answers_arrived(told=told, given=given, by=WORKER, now=now)

    def ring(self, now: datetime, *, caller: str = robot.CALLER) -> None:
        """Everybody who is due."""
        robot.ring(self.life, robot.due(now=now, limit=MOST, caller=caller), now=now)
