"""A trunk that refuses, is silent, is lost and comes back: the supervisor knows, and nobody is counted as unreached."""

from datetime import timedelta

import pytest

from medet.contacts.models import CallAttempt, CallOrder
from medet.monitoring.models import DueContact
from medet.tasks.models import Task
from tests.live import running as live
from tests.live.trunk import Trunk


def trunk_tasks(house, **where):
    return house.read(Task, about_type="trunk", **where)


def said(house, words):
    return [line for line in house.running.log("phone").splitlines() if words in line]


@pytest.fixture
def city(house):
    """One person, and the telephones."""
    house.observe(1)
    house.telephones({})
    house.running.env |= {"MEDET_TRUNK_PING_S": "0.5"}
    return house


def start(house, trunk, *, register):
    house.running.env["MEDET_TRUNK_REGISTER"] = "1" if register else "0"
    house.robot(port=trunk.port)


def test_a_refusing_registrar_is_a_task_and_nobody_is_claimed_until_it_admits_us(city):
    with Trunk(city.phones.port, "refuse") as trunk:
        start(city, trunk, register=True)
        [task] = live.wait_until(lambda: trunk_tasks(city, state="open"), seconds=30, what="a task for the supervisor")
        assert (task.kind, task.role, task.reason) == ("trunk", "supervisor", "trunk_refused")
        assert len(said(city, "trunk main is refused 403")) == 1
        assert city.read(CallAttempt) == []
        assert trunk.invites == 0
        trunk.mood = "ok"
        live.wait_until(lambda: trunk_tasks(city, state="done"), seconds=30, what="the task is closed")
        live.wait_until(lambda: city.read(DueContact, state="done"), seconds=60, what="the person was rung")
    assert city.orphans() == []


def test_a_trunk_that_is_silent_at_the_start_is_found_again(city):
    with Trunk(city.phones.port, "silent") as trunk:
        start(city, trunk, register=True)
        [task] = live.wait_until(
            lambda: trunk_tasks(city, state="open"), seconds=40, what=lambda: city.running.log("phone")
        )
        assert task.reason == "trunk_silent"
        assert city.read(CallAttempt) == []
        trunk.mood = "ok"
        live.wait_until(lambda: trunk_tasks(city, state="done"), seconds=40, what="the task is closed")


def test_a_trunk_is_lost_and_comes_back_after_a_restart_of_ours(city):
    """Without registration: only the pings tell. The new process closes the task of the old one."""
    with Trunk(city.phones.port) as trunk:
        start(city, trunk, register=False)
        live.wait_until(lambda: city.read(DueContact, state="done"), seconds=60, what="the person was rung")
        trunk.mood = "silent"
        [task] = live.wait_until(lambda: trunk_tasks(city, state="open"), seconds=30, what="a task for the supervisor")
        assert task.reason == "trunk_silent"
        city.running.kill("phone")
        trunk.mood = "ok"
        start(city, trunk, register=False)
        live.wait_until(lambda: trunk_tasks(city, state="done"), seconds=30, what="the task is closed")


def test_a_call_that_the_trunk_cannot_place_is_tried_again_and_not_counted(city):
    [number] = city.people
    with Trunk(city.phones.port, "refuse") as trunk:
        start(city, trunk, register=False)
        [attempt] = live.wait_until(
            lambda: city.read(CallAttempt, state="ended"), seconds=30, what="the attempt is given up"
        )
        assert (attempt.outcome, attempt.sip_code) == ("network_failed", 503)
        [order] = city.read(CallOrder)
        assert order.state == "waiting"
        assert order.next_attempt_at - attempt.ended_at < timedelta(minutes=6)
        assert city.phones.rings(number) == []
        assert city.orphans() == []
        city.running.kill("phone")
        city.pass_time(timedelta(minutes=7))
        trunk.mood = "ok"
        start(city, trunk, register=False)
        live.wait_until(lambda: city.phones.rings(number), seconds=30, what="the person is rung, gap or not")
