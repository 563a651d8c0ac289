"""The small form of chaos: the robot and PostgreSQL are killed in the middle of calls."""

from datetime import timedelta
from types import SimpleNamespace

from medet.contacts.states import ContactOutcome
from tests import make
from tests.flows.test_day import answered_call, claimed
from tests.prove import chaos
from tests.prove.house import House

PEOPLE = 8
LATER = make.NOON + timedelta(hours=4)


def test_kill_9_loses_nobody_and_pesters_nobody(killable):
    made = chaos.run(killable, 7, ["postgres", "phone"], people=PEOPLE, repeats=1)
    assert made.faults == []
    assert made.rings >= PEOPLE
    assert made.unknown > 0


def test_an_answer_of_the_first_call_does_not_excuse_the_second(town):
    enrolment, both = make.observed(town), {"state": "same", "breath": "none"}
    answered_call(claimed()[0].attempt_id, both, enrolment=enrolment, outcome=ContactOutcome.HUNG_UP)
    [again] = claimed(LATER)
    answered_call(again.attempt_id, {"state": "same"}, enrolment=enrolment, now=LATER)
    at, number = LATER.timestamp(), enrolment.person.phones.get().number
    keys = [("who", "1"), ("who", "9"), ("who", "5"), ("who", "9"), ("ru/state", "1"), ("ru/breath", "1")]
    pressed = [{"event": "key", "prompt": prompt, "key": key} for prompt, key in keys]
    diary = [{"call": "2", "number": number, "at": at} | one for one in ({"event": "invite"}, *pressed)]
    house = House(running=None, town=town, people={number: enrolment}, starts=[(0.0, 0.0)])
    house.phones = SimpleNamespace(entries=lambda: diary)
    [fault] = chaos._forgotten(house)
    assert "breath was told by who was born in 1959 and is not kept" in fault
