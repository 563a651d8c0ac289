"""SIGTERM of the phone process during calls: conversations may end, nothing new rings, every attempt has its end."""

import signal

from medet.contacts.models import CallAttempt, Contact
from tests.live import running as live

SOME = 6  # keys: the year of birth and two answers


def end(house):
    """SIGTERM, and the exit code."""
    child = house.running.children.pop("phone")
    child.send_signal(signal.SIGTERM)
    return child.wait(60)


def events(house, name):
    return [entry for entry in house.phones.entries() if entry["event"] == name]


def keys(house, number):
    return sum(entry["number"] == number for entry in events(house, "key"))


def live_attempts(house):
    return house.read(CallAttempt, state__in=("claimed", "dialling", "answered"))


def test_conversations_may_end_and_what_rings_is_taken_back(house):
    house.observe(5)
    numbers = list(house.people)
    house.telephones(dict.fromkeys(numbers[:2], "no_answer"))
    house.running.env["MEDET_PHONE_DRAIN_S"] = "40"
    house.robot(rate=2)
    live.wait_until(lambda: len(events(house, "answered")) >= 2, seconds=60, what="two conversations")
    talking = {entry["number"] for entry in events(house, "answered")}
    before = {entry["call"] for entry in events(house, "invite")}
    assert end(house) == 0
    assert live_attempts(house) == []
    outcomes = {row.number: row.outcome for row in house.read(CallAttempt)}
    assert {outcomes[number] for number in talking} == {"answered"}
    assert {entry["number"] for entry in events(house, "ended") if entry["by"] == "peer"} >= talking
    assert {outcomes[number] for number in numbers[:2] if number in outcomes} <= {"cancelled"}
    # One INVITE may be on its way at the moment of the signal.
    assert len({entry["call"] for entry in events(house, "invite")} - before) <= 1
    assert house.orphans() == []


def test_a_conversation_that_takes_too_long_is_cut_and_its_answers_are_kept(house):
    house.observe(2)
    house.telephones({})
    house.running.env["MEDET_PHONE_DRAIN_S"] = "0.5"
    house.robot()
    live.wait_until(lambda: min(keys(house, number) for number in house.people) >= SOME, seconds=60, what="answers")
    assert end(house) == 0
    assert live_attempts(house) == []
    assert {row.outcome for row in house.read(CallAttempt)} == {"answered"}
    assert {row.outcome for row in house.read(Contact)} == {"partial"}
    assert house.orphans() == []


def test_without_a_database_the_process_still_ends(killable):
    house = killable
    house.observe(2)
    house.telephones({})
    house.running.env["MEDET_PHONE_DRAIN_S"] = "0.5"
    house.robot()
    live.wait_until(lambda: events(house, "answered"), seconds=60, what="a conversation")
    house.postgres.stop()
    assert end(house) == 0
    log = house.running.log("phone")
    assert log.count("the database is away; what is told waits for it") == 1
    assert log.count("could not be written down") == 1
    house.postgres.start()


def test_a_process_that_waits_for_its_database_still_ends(house):
    house.telephones({})
    house.running.env["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{live.free_port()}/away"
    house.robot()
    live.wait_until(lambda: "the database is away" in house.running.log("phone"), seconds=30, what="it waits")
    assert end(house) == 0
