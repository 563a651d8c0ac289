"""The case ends while a phone rings and while somebody talks: both are taken back at once."""

from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.models import CallAttempt
from medet.flows.end_case import end_case
from medet.records.states import CaseState
from tests.live import running as live

WITHIN_S = 2.0  # a second on a machine of its own


def test_calls_of_an_ended_case_are_hung_up(house):
    house.observe(2)
    ringing, talking = house.people
    house.telephones({ringing: "no_answer"})
    house.robot()

    def seen(event, number):
        return [row for row in house.phones.entries() if (row["event"], row["number"]) == (event, number)]

    live.wait_until(lambda: seen("ringing", ringing) and seen("key", talking), seconds=60, what="a ring and a talk")
    doctor = house.town.actor("serik", now=now())
    ends = {}
    for number, enrolment in house.people.items():
        with scope(doctor):
            end_case(case=enrolment.case, to=CaseState.ADMITTED, by=doctor, now=now())
        ends[number] = live.time.time()
    [cancelled] = live.wait_until(lambda: seen("cancelled", ringing), seconds=20, what="the ring is taken back")
    [ended] = live.wait_until(lambda: seen("ended", talking), seconds=20, what="the talk is ended")
    assert cancelled["at"] - ends[ringing] < WITHIN_S
    assert (ended["by"], ended["at"] - ends[talking] < WITHIN_S) == ("peer", True)
    live.wait_until(
        lambda: {row.outcome for row in house.read(CallAttempt)} == {"cancelled", "answered"},
        seconds=20,
        what="both attempts have their end",
    )
    assert house.orphans() == []
