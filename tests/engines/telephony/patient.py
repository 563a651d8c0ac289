"""A second baresip process as the called phone: answers at once and keeps what it hears.

python patient.py PORT RTP_FIRST FOLDER. One raw PCM file (8 kHz, 16 bit) a call, named by order;
a line "heard N FILE" on standard output when the call has ended.
"""

import asyncio
import contextlib
import os
import sys
import threading
from pathlib import Path

from baresip.call import Call
from baresip.config import Account, Config
from baresip.errors import BaresipError
from baresip.events import Event
from baresip.runtime import Runtime
from baresip.ua import UserAgent

TICK_S = 0.05


class Phone:
    """Answers every call in the loop pass in which it arrives."""

    def __init__(self, folder: Path) -> None:
        """Recordings go to `folder`."""
        self._folder = folder
        self._calls = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self, call: Call) -> None:
        """An INVITE came."""
        self._calls += 1
        task = asyncio.get_running_loop().create_task(self._take(call, self._calls))
        self._tasks.add(task)

    async def _take(self, call: Call, number: int) -> None:
        over = threading.Event()
        call.on(lambda event: over.set() if event.event is Event.CALL_CLOSED else None)
        await call.answer()
        heard = await asyncio.to_thread(_listen, call, over)
        path = self._folder / f"{number}.pcm"
        path.write_bytes(heard)
        print(f"heard {number} {path}", flush=True)


def _listen(call: Call, over: threading.Event) -> bytes:
    """In a thread of its own: a late reader loses sound."""
    heard = bytearray()
    while not over.wait(TICK_S):
        with contextlib.suppress(BaresipError):
            heard += call.audio.read(1 << 15)
    return bytes(heard)


async def main(port: str, rtp_first: str, folder: str) -> None:
    """Serve until standard input closes."""
    runtime = Runtime()
    extra = f"sip_listen 127.0.0.1:{port}\nrtp_ports {rtp_first}-{int(rtp_first) + 399}\n"
    loopback = Config(net_interface="127.0.0.1", max_concurrent_calls=None, extra_config_text=extra)
    await runtime.start(loopback)
    account = Account(
        "patient", "127.0.0.1", "", reg_interval=0, audio_codecs=("pcma",), extra_params=("catchall=yes",)
    )
    agent = await UserAgent.create(runtime, account)
    agent.on_incoming(Phone(Path(folder)).ring)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runtime.close()
    os._exit(0)  # a listener of a call that never ended would hold the process


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
