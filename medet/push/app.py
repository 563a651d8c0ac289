"""`/push/desk`: the event stream of an open desk. ASGI, one process, no state but the open pages."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medet.settings")
django.setup()

import psycopg  # noqa: E402 -- Django first: the rooms need it
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import PlainTextResponse, Response, StreamingResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

from medet.push.hub import MISSED, Hub, Listener  # noqa: E402
from medet.push.who import who  # noqa: E402

HEARTBEAT_S = 15.0
# A stream whose reader lost the right ends within a minute: the check may have to wait for one heartbeat.
CHECK_S = 40.0
KEPT_ALIVE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}


async def _connect() -> "psycopg.AsyncConnection[tuple[object, ...]]":
    """With every option of the address (TLS among them); keep-alives give up a link that is dead and says nothing."""
    options = connections["default"].get_connection_params()
    plain: dict[str, Any] = {name: value for name, value in options.items() if isinstance(value, str | int)}
    return await psycopg.AsyncConnection.connect(**(KEPT_ALIVE | plain), autocommit=True)


@contextlib.asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub(_connect)
    hearing = asyncio.create_task(app.state.hub.run())
    yield
    hearing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await hearing


async def desk(request: Request) -> Response:
    """The stream of one page; the origin must be our own pages on whatever port."""
    origin = request.headers.get("origin", "")
    if origin and urlsplit(origin).hostname != request.url.hostname:
        return PlainTextResponse("another origin", status_code=403)
    key = request.cookies.get(settings.SESSION_COOKIE_NAME)
    actor = await who(key)
    if actor is None:
        return PlainTextResponse("sign in", status_code=401, headers=_open_to(origin))
    stream = _stream(request, request.app.state.hub, key or "")
    return StreamingResponse(stream, media_type="text/event-stream", headers={**_HEADERS, **_open_to(origin)})


_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _open_to(origin: str) -> dict[str, str]:
    if not origin:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }


async def _stream(request: Request, hub: Hub, key: str) -> AsyncIterator[str]:
    """Messages, and a comment now and then; ends when the session does."""
    actor = await who(key)
    if actor is None:
        return
    loop = asyncio.get_running_loop()
    check_at = loop.time() + CHECK_S
    with hub.listen(actor) as listener:
        # What happened between the page's own reading and this moment is asked for once.
        listener.tell(MISSED)
        yield "retry: 2000\n\n"
        while not await request.is_disconnected():
            yield await _next(listener)
            if loop.time() >= check_at:
                check_at = loop.time() + CHECK_S
                actor = await who(key)
                if actor is None:
                    return
                listener.actor = actor


async def _next(listener: Listener) -> str:
    try:
        message = await asyncio.wait_for(listener.waiting.get(), HEARTBEAT_S)
    except TimeoutError:
        return ": still here\n\n"
    return f"data: {message}\n\n"


async def health(request: Request) -> Response:
    """200 while the database is listened to."""
    listening: asyncio.Event = request.app.state.hub.listening
    return PlainTextResponse("ok" if listening.is_set() else "away", status_code=200 if listening.is_set() else 503)


app = Starlette(routes=[Route("/push/desk", desk), Route("/push/health", health)], lifespan=_life)
