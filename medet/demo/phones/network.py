"""The telephone network of the demo: the exchange, the phones behind it, and their diary."""

import asyncio
import hashlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from medet.demo.phones.behaviours import COLLEAGUE, Line, read, script
from medet.demo.phones.diary import Diary
from medet.demo.phones.ear import PAUSE_S, Prompts
from medet.demo.phones.exchange import Exchange
from medet.demo.phones.phone import Phone, keep_recording
from medet.demo.phones.ports import free_range, free_sip_port
from medet.engines.telephony import Engine, Leg, Network, Trunk
from medet.monitoring.schema import Programme, read_programme

DRIVER = "medet.engines.telephony.drivers.baresip"
HOST = "127.0.0.1"
RTP_PORTS = 800


@lru_cache(maxsize=2)
def _read_once(path: Path, changed: int) -> Programme:
    return read_programme(path)


@dataclass(frozen=True)
class Options:
    """What the phones are told at their start."""

    behaviours: Path
    port: int
    diary: Path
    programme: Path
    prompts: Path
    record: Path | None = None
    ring_s: float = 1.5
    pause_s: float = PAUSE_S


class City:
    """All phones that talk."""

    def __init__(self, options: Options, lines: dict[str, Line], diary: Diary) -> None:
        """`diary`: shared with the exchange."""
        self._options, self._lines, self._diary = options, lines, diary
        self._prompts = {language: Prompts(options.prompts / language) for language in ("kk", "ru", "en")}
        self._tasks: set[asyncio.Task[None]] = set()
        self.number_of: Callable[[str], str] = lambda call: ""

    def take(self, leg: Leg) -> None:
        """A call came in."""
        task = asyncio.get_running_loop().create_task(self._live(leg))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _programme(self) -> Programme:
        """A programme may change while the phones run."""
        path = self._options.programme
        return _read_once(path, path.stat().st_mtime_ns)

    async def _live(self, leg: Leg) -> None:
        call, number = leg.id, self.number_of(leg.id)
        line = self._lines[number]
        phone = Phone(
            leg,
            number=number,
            # Any telephone may be rung to try the line out.
            script=[*script(line, self._programme()), *COLLEAGUE],
            prompts=self._prompts[line.language],
            diary=self._diary,
            pause_s=self._options.pause_s,
        )
        await phone.live(self._options.ring_s)
        if self._options.record:
            name = f"{number}-{hashlib.sha256(call.encode()).hexdigest()[:8]}"
            keep_recording(self._options.record, name, bytes(phone.recording))


async def serve(options: Options) -> None:
    """Until SIGINT or SIGTERM."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    lines, diary = read(options.behaviours), Diary(options.diary)
    city, inner = City(options, lines, diary), free_sip_port()
    engine = await _engine(inner, options.port, over)
    engine.on_inbound(city.take)
    exchange = Exchange(lines, inner=(HOST, inner), diary=diary)
    transport, _ = await loop.create_datagram_endpoint(lambda: exchange, local_addr=(HOST, options.port))
    city.number_of = exchange.number_of
    host, port = transport.get_extra_info("sockname")
    print(f"{len(lines)} phones behind {host}:{port}", flush=True)
    await over.wait()
    transport.close()
    await engine.close()
    diary.close()


async def _engine(port: int, exchange: int, over: asyncio.Event) -> Engine:
    """Our own telephone engine, on the other side of the line."""
    first = free_range(RTP_PORTS)
    engine: Engine = await import_module(DRIVER).start(
        trunks=[Trunk(f"{HOST}:{exchange or 5060}", "city", name="city", max_channels=RTP_PORTS // 2)],
        network=Network(port, first, first + RTP_PORTS - 1, host=HOST, interface=HOST),
        on_dead=over.set,
    )
    return engine
