"""One person of a shared line: a database that is slow or faulty keeps nobody waiting and spoils nobody's call."""

import asyncio
from types import SimpleNamespace

import pytest

from medet.contacts.states import AttemptOutcome
from medet.phone import speaker
from medet.phone.call import RobotCall
from medet.phone.speaker import Speaker

ASKED = SimpleNamespace(language="ru", birth_year=1985, programme={}, programme_id=1, enrolment_id=1, attempt_id=1)


class Slow:
    """A ledger whose jobs end when the test says so."""

    def __init__(self):
        self.jobs = []

    def post(self, key, work, *, patient=True):
        self.jobs.append(asyncio.get_running_loop().create_future())
        return self.jobs[-1]


def begun(settle):
    """Whether somebody of a shared line begins, and the person, with a ledger that is settled so."""

    async def run():
        ledger = Slow()
        one = Speaker(ASKED, ledger=ledger, carrier=1, order_id=2)
        beginning = asyncio.create_task(one.begin())
        await asyncio.sleep(0)
        settle(ledger.jobs[0])
        return await beginning, one

    return asyncio.run(run())


def test_a_fault_while_joining_is_a_no():
    began, one = begun(lambda job: job.set_exception(RuntimeError("planted")))
    assert (began, one.speaks, one.attempt_id) == (False, False, None)


def test_who_joined_speaks():
    began, one = begun(lambda job: job.set_result(7))
    assert (began, one.speaks, one.attempt_id) == (True, True, 7)


def test_nobody_waits_in_silence_and_an_attempt_that_comes_too_late_is_ended(monkeypatch):
    monkeypatch.setattr(speaker, "KEPT_WITHIN_S", 0.01)

    async def run():
        ledger = Slow()
        one = Speaker(ASKED, ledger=ledger, carrier=1, order_id=2)
        assert await one.begin() is False
        ledger.jobs[0].set_result(7)
        await asyncio.sleep(0)
        return one, len(ledger.jobs)

    one, jobs = asyncio.run(run())
    assert (one.attempt_id, one.talk.outcome, jobs) == (7, "hung_up", 2)


@pytest.mark.parametrize(
    ("said", "talking", "outcome"),
    [("complete", True, "answered"), ("", True, "unknown"), ("", False, "unknown")],
)
def test_a_fault_of_ours_keeps_what_was_said_to_its_end(said, talking, outcome):
    call = RobotCall(SimpleNamespace(ledger=None), ASKED)
    call.talking, call.household[0].talk.outcome = talking, said
    end = call._broken("RuntimeError")
    assert (end.outcome, end.contact_outcome) == (AttemptOutcome(outcome), said)


def test_only_who_speaks_now_can_have_the_call_cut():
    call = RobotCall(SimpleNamespace(ledger=None), ASKED)
    other = Speaker(ASKED, ledger=None, carrier=1, order_id=2)
    call.household.append(other)
    assert (call.attempts(), call.cut_by()) == ([1], [1])
    other.attempt_id, other.speaks = 7, True
    assert (call.attempts(), call.cut_by()) == ([1, 7], [7])
