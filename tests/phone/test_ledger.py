"""The ledger: order within a call, no waiting between calls, patience with a database that is away."""

import asyncio
import logging
import threading

import pytest
from django.db import OperationalError

from medet.phone.ledger import Ledger

FEW = 2


@pytest.fixture
def run(monkeypatch):
    """Runs a story with a small ledger whose transactions need no database."""
    monkeypatch.setattr("medet.phone.ledger.scope", lambda actor: threading.Lock())
    monkeypatch.setattr("medet.phone.ledger.connections.close_all", lambda: None)

    def run(story):
        async def whole():
            ledger = Ledger(threads=FEW)
            try:
                return await asyncio.wait_for(story(ledger), 20)
            finally:
                await ledger.close(0.2)

        return asyncio.run(whole())

    return run


def test_a_slow_transaction_delays_its_own_call_only(run):
    go_on = threading.Event()

    async def story(ledger):
        slow = ledger.post("one", lambda: go_on.wait(10))
        behind = ledger.post("one", lambda: "behind")
        assert await ledger.post("two", lambda: "two") == "two"
        assert not behind.done()
        go_on.set()
        return await slow, await behind

    assert run(story) == (True, "behind")


def test_jobs_of_one_call_keep_their_order(run):
    done = []

    async def story(ledger):
        await asyncio.gather(
            *(ledger.post(number % 3, lambda number=number: done.append(number)) for number in range(60))
        )

    run(story)
    for key in range(3):
        assert [number for number in done if number % 3 == key] == list(range(key, 60, 3))


def test_a_patient_job_waits_for_the_database_and_it_is_said_once(run, caplog):
    falls = [OperationalError("away")] * 3

    def work():
        if falls:
            raise falls.pop()
        return "kept"

    async def story(ledger):
        return await ledger.post("one", work)

    with caplog.at_level(logging.WARNING, "medet.phone"):
        assert run(story) == "kept"
    said = [record.message for record in caplog.records if record.name.startswith("medet.")]
    assert said == [
        "the database is away; what is told waits for it",
        "the database is back",
    ]


def test_an_impatient_job_fails_at_once(run):
    def away():
        raise OperationalError("away")

    async def story(ledger):
        with pytest.raises(OperationalError):
            await ledger.post("one", away, patient=False)

    run(story)


def test_the_end_does_not_wait_for_ever(run):
    def away():
        raise OperationalError("away")

    async def story(ledger):
        first, second = ledger.post("one", away), ledger.post("one", lambda: "never lost in silence")
        assert await ledger.close(0.2) is False
        with pytest.raises(OperationalError):
            await first
        return await second

    assert run(story) == "never lost in silence"


def test_everything_queued_is_finished_before_the_end(run):
    async def story(ledger):
        last = [ledger.post(key, lambda: "kept") for key in range(20)]
        assert await ledger.close(5) is True
        return [await one for one in last]

    assert run(story) == ["kept"] * 20
