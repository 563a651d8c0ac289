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
