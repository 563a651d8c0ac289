"""One LISTEN for the whole process, handed on to whoever may hear it. A notification only wakes: rows are the truth."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import psycopg

from medet.base.actor import Actor
from medet.base.journal import CHANNEL
from medet.push.who import concerned

log = logging.getLogger("medet.push")
WAITING = 200
AGAIN_S = 1.0
# Said instead of what was lost: the page asks for everything once.
MISSED = json.dumps({"kind": "change", "uid": ""})


@dataclass(eq=False)
class Listener:
    """One open page: what waits to be sent to it."""

    actor: Actor
    waiting: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(WAITING))

    def may_hear(self, kind: str, organisation: int | None) -> bool:
        """A page hears what concerns one of its reader's roles at the organisation where it happened."""
        roles = self.actor.roles if organisation is None else self.actor.roles_at(organisation)
        return bool(roles & concerned(kind))

    def tell(self, message: str) -> None:
        """Never waits: a page that does not read gets one `change` for all it missed."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            message = MISSED
        self.waiting.put_nowait(message)


class Hub:
    """All open pages of this process."""

    def __init__(self, connect: Callable[[], Awaitable["psycopg.AsyncConnection[tuple[object, ...]]"]]) -> None:
        self.connect = connect
        self.listeners: set[Listener] = set()
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def listen(self, actor: Actor) -> Iterator[Listener]:
        """A page is open as long as the block runs."""
        listener = Listener(actor)
        self.listeners.add(listener)
        try:
            yield listener
        finally:
            self.listeners.discard(listener)

    async def run(self) -> None:
        """For ever: a lost database is asked again, and then every page asks once for what it missed."""
        while True:
            try:
                await self._hear()
            except psycopg.Error as error:
                log.warning("database away: %s", type(error).__name__)
            self.listening.clear()
            await asyncio.sleep(AGAIN_S)

    async def _hear(self) -> None:
        connection = await self.connect()
        async with connection:
            await connection.execute(f"listen {CHANNEL}")
            self.listening.set()
            for listener in self.listeners:
                listener.tell(MISSED)
            async for notice in connection.notifies():
                self.hand_on(notice.payload)

    def hand_on(self, payload: str) -> None:
        """One notification, to those who may hear it; the organisation itself is not sent."""
        ids = json.loads(payload)
        message = json.dumps({"kind": ids["kind"], "uid": ids["uid"]})
        for listener in self.listeners:
            if listener.may_hear(ids["kind"], ids.get("org")):
                listener.tell(message)
