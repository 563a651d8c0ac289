"""The hub by itself: a page that does not read never holds up the others and learns that it missed something."""

import json

from medet.base.actor import Actor, Held
from medet.push.hub import MISSED, WAITING, Hub

OPERATOR = Actor(user_id=1, held=frozenset({Held("operator", 7)}))


def test_a_page_that_does_not_read_gets_one_word_for_all_it_missed():
    hub = Hub(lambda: None)
    with hub.listen(OPERATOR) as slow:
        for number in range(WAITING + 5):
            hub.hand_on(json.dumps({"kind": "task.opened", "org": 7, "uid": str(number)}))
        assert slow.waiting.get_nowait() == MISSED
        assert slow.waiting.qsize() == 4
    assert hub.listeners == set()


def heard(actor, *events):
    """What an open page of somebody is told."""
    hub = Hub(lambda: None)
    with hub.listen(actor) as page:
        for kind, organisation in events:
            hub.hand_on(json.dumps({"kind": kind, "org": organisation, "uid": f"{kind}@{organisation}"}))
        return [json.loads(page.waiting.get_nowait())["uid"] for _ in range(page.waiting.qsize())]


KINDS = ("alert.raised", "home_visit.moved", "task.opened", "role.given")
EVENTS = [(kind, place) for kind in KINDS for place in (7, 8)]
BOTH = Actor(user_id=1, held=frozenset({Held("doctor", 7), Held("clinic_receiver", 8)}))


def test_an_event_goes_to_whom_it_concerns_at_the_place_where_it_happened():
    assert heard(BOTH, *EVENTS) == [
        "alert.raised@7",
        "home_visit.moved@8",
        "task.opened@7",
        "task.opened@8",
    ]
    assert heard(Actor(user_id=1, held=frozenset({Held("supplier", 7)})), *EVENTS) == []
    assert heard(OPERATOR, ("phone.added", None), ("user.created", None)) == ["phone.added@None"]


def test_a_hub_that_asks_for_any_role_is_caught(monkeypatch):
    monkeypatch.setattr(Actor, "roles_at", lambda self, organisation_id: self.roles)
    assert "alert.raised@8" in heard(BOTH, *EVENTS)


def test_whoever_lost_the_right_is_cut_off_within_a_minute():
    from medet.push import app as push

    assert push.CHECK_S + push.HEARTBEAT_S < 60


def test_a_session_that_ended_is_cut_off(live_database, monkeypatch):
    import asyncio

    from medet.push import app as push

    class Request:
        async def is_disconnected(self):
            return False

    answers = iter([OPERATOR, None])

    async def who(key):
        return next(answers)

    monkeypatch.setattr(push, "who", who)
    monkeypatch.setattr(push, "CHECK_S", 0.0)
    monkeypatch.setattr(push, "HEARTBEAT_S", 0.01)

    async def read():
        return [line async for line in push._stream(Request(), Hub(lambda: None), "key")]

    assert asyncio.run(read()) == ["retry: 2000\n\n", f"data: {MISSED}\n\n"]
