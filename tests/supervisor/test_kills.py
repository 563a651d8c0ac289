"""Whatever is killed, nothing stays behind and the next start is healthy."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg.pq import ConnStatus, PGconn

from medet.supervisor import roles
from medet.supervisor.folders import Place
from medet.supervisor.postgres import Postgres
from medet.supervisor.product import Interrupted
from medet.supervisor.server import STOP_SECONDS
from medet.supervisor.users import service_user
from tests.supervisor.conftest import Owner
from tests.supervisor.tools import answers, eventually, gone

pytestmark = pytest.mark.timeout(90)


def postmaster(data: Path) -> int:
    """The number in the server's lock file."""
    return int((data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def remember_word(url: str, word: str) -> None:
    """Something that must still be there after the crash."""
    with psycopg.connect(url) as connection:
        connection.execute("select lo_from_bytea(0, %s)", [word.encode()])


def words(url: str) -> set[str]:
    """All that was remembered."""
    with psycopg.connect(url) as connection:
        return {
            bytes(row[0]).decode()
            for row in connection.execute("select data from pg_largeobject_metadata m, lateral lo_get(m.oid) data")
        }


def test_kill_of_the_owner_ends_the_server_and_keeps_the_data(warm: Path, owner: Callable[..., Owner]) -> None:
    first = owner(warm)
    url = first.url()
    remember_word(url, "owner")
    server = postmaster(warm)
    first.kill()
    assert eventually(lambda: gone(server), 10)
    second = owner(warm)
    assert "owner" in words(second.url())
    assert second.finish()[0] == 0


def test_kill_and_start_at_once(warm: Path, owner: Callable[..., Owner]) -> None:
    first = owner(warm)
    first.url()
    first.kill()
    # The old server is still shutting down now.
    assert answers(owner(warm).url())


def test_kill_of_owner_and_server_together(warm: Path, owner: Callable[..., Owner]) -> None:
    first = owner(warm)
    remember_word(first.url(), "both")
    server = postmaster(warm)
    os.kill(server, signal.SIGKILL)
    first.kill()
    assert postmaster(warm) == server, "the lock file is stale"
    assert "both" in words(owner(warm).url())


@pytest.mark.parametrize("kind", ["nobody", "zombie", "stranger"])
def test_stale_lock_file(warm: Path, owner: Callable[..., Owner], kind: str) -> None:
    """The number in it may by now belong to nobody, to a zombie, or to another program of the same user."""
    first = owner(warm)
    first.url()
    lock_file = warm / "postgres" / "data" / "postmaster.pid"
    text = lock_file.read_text()
    first.finish()
    user = service_user()
    become: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    stranger = subprocess.Popen(["sleep", "0" if kind != "stranger" else "600"], cwd="/", **become)
    if kind == "nobody":
        stranger.wait()
    if kind == "zombie":
        assert eventually(lambda: psutil.Process(stranger.pid).status() == psutil.STATUS_ZOMBIE)
    lock_file.write_text(f"{stranger.pid}\n" + text.split("\n", 1)[1])
    if user:
        os.chown(lock_file, user.uid, user.gid)
    try:
        assert answers(owner(warm).url())
    finally:
        stranger.kill()
        stranger.wait()


def test_taken_port(warm: Path, owner: Callable[..., Owner]) -> None:
    owner(warm).finish()
    place = Place.load(warm)
    assert place
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", place.port))
        taker.listen(1)
        second = owner(warm)
        url = second.url()
        assert answers(url)
        assert f":{place.port}/" not in url
        second.finish()
    later = Place.load(warm)
    assert later
    assert later.port != place.port
    assert f":{later.port}/" in owner(warm).url(), "the new port is remembered"


def test_a_half_made_connection_does_not_hold_up_the_end(warm: Path) -> None:
    """Found by signals at random moments of a start: one of two hundred took half a minute to end."""

    def interrupted(postgres: Postgres) -> float:
        server, begun = postgres.pid or 0, time.monotonic()
        os.kill(server, signal.SIGSTOP)  # so that it hears of the end first and of the connection then
        half = PGconn.connect_start(postgres.url(roles.APP).encode())
        assert half.status != ConnStatus.BAD
        threading.Timer(0.3, os.kill, (server, signal.SIGCONT)).start()
        raise Interrupted(begun)

    with pytest.raises(Interrupted) as caught, Postgres(warm) as postgres:
        interrupted(postgres)
    assert time.monotonic() - caught.value.args[0] < STOP_SECONDS / 3


def test_kill_of_the_server_is_healed_on_the_same_port(warm: Path) -> None:
    with Postgres(warm) as postgres:
        url, port = postgres.url(roles.APP), postgres.port
        remember_word(url, "server")
        with psycopg.connect(postgres.url(roles.APP)) as client:
            assert postgres.pid
            os.kill(postgres.pid, signal.SIGKILL)
            assert eventually(postgres.revive)
            assert postgres.port == port
            with pytest.raises(psycopg.OperationalError):
                client.execute("select 1")
        assert "server" in words(url)
        assert not postgres.revive()


def test_kill_during_the_first_start(open_folder: Path, owner: Callable[..., Owner]) -> None:
    first = owner(open_folder / "data")
    assert eventually((open_folder / "data" / "postgres" / "data.new").exists)
    first.kill()
    assert not (open_folder / "data" / "postgres" / "data").exists()
    assert answers(owner(open_folder / "data").url())


def test_two_first_starts_at_once(open_folder: Path, owner: Callable[..., Owner]) -> None:
    both = [owner(open_folder), owner(open_folder)]
    urls = {one.url() for one in both}
    assert len(urls) == 1
    assert answers(urls.pop())
    said = [one.finish() for one in both]
    assert [code for code, _ in said] == [0, 0]
    assert sum("Using the PostgreSQL that another process runs" in text for _, text in said) == 1


def test_signals_reach_the_command_first(warm: Path, owner: Callable[..., Owner]) -> None:
    first = owner(warm)
    url = first.url()
    server = postmaster(warm)
    first.process.terminate()
    assert first.process.wait(30) == 128 + signal.SIGTERM
    assert gone(server)
    assert not answers(url)
    assert not (warm / "postgres" / "data" / "postmaster.pid").exists(), "a clean end"
