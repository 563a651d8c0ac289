"""A whole run of the product's table: addresses, one run a folder, other ports, and an end without remains."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from medet.supervisor import current, product, roles
from medet.supervisor.folders import CHECKOUT
from medet.supervisor.ports import free_port, is_free
from medet.supervisor.postgres import Postgres
from tests.supervisor.conftest import clean_environment
from tests.supervisor.tools import answers, eventually, gone

pytestmark = pytest.mark.timeout(100)
# The product's own web process, or a stand-in that starts at once.
SERVE = """
import sys
from medet.supervisor.product import PARTS, STEPS, Part, Run, run
steps = [step for step in STEPS if step.words[0] in ("migrate", "collectstatic")]
stand_in = Part("web", ("http.server", "--bind", "{{MEDET_LISTEN}}", "{{MEDET_WEB_PORT}}"), module="http.server")
parts, steps = (PARTS[:1], tuple(steps)) if {real} else ((stand_in,), ())
sys.exit(run(Run(kind={kind!r}, parts=parts, steps=steps, ports={{"MEDET_WEB_PORT": {port}}})))
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(warm: Path) -> Iterator[Start]:
    """Starts a run from the module's folder, with no terminal."""
    made: list[subprocess.Popen[str]] = []

    def begin(
        kind: str = "serve", port: int = 0, real: bool = False, make: Path | None = None, **given: str
    ) -> "subprocess.Popen[str]":
        env = clean_environment() | {"MEDET_DATA": str(warm), "MEDET_HTTPS": "0", "PYTHONPATH": str(CHECKOUT)} | given
        code = SERVE.format(kind=kind, port=port or free_port(), real=real)
        made.append(
            subprocess.Popen(
                through_make(make, code) if make else [sys.executable, "-c", code],
                cwd=CHECKOUT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return made[-1]

    yield begin
    for process in made:
        if process.poll() is None:
            process.kill()
        process.communicate()


def through_make(folder: Path, code: str) -> list[str]:
    """As a target of a Makefile, the way people start it."""
    (folder / "run.py").write_text(code)
    (folder / "Makefile").write_text(f"run:\n\t@exec {sys.executable} {folder / 'run.py'}\n")
    # A shell that starts us in its background has SIGINT ignored, and make hands that down.
    return ["env", "--default-signal=INT", "make", "-f", str(folder / "Makefile"), "run"]


def address(process: "subprocess.Popen[str]") -> str:
    """What the run says when its pages can be opened."""
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("Medet runs at "):
            return line.split()[-1]
    assert process.stderr
    raise AssertionError("".join(seen) + process.stderr.read())


def port_of(url: str) -> int:
    """The number in an address."""
    return int(url.rstrip("/").rsplit(":", 1)[1])


def status(url: str) -> int:
    """The status of the first page."""
    with socket.create_connection(("127.0.0.1", port_of(url)), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return int(client.recv(100).split()[1])


@pytest.mark.parametrize(("real", "number"), [(True, signal.SIGINT), (False, signal.SIGTERM)])
def test_starts_serves_and_ends(start: Start, warm: Path, real: bool, number: int) -> None:
    run = start(real=real)
    url = address(run)
    assert status(url) < 500
    env = {"MEDET_DATA": str(warm)}
    current.adopt(env)
    assert env["MEDET_WEB_URL"] == url
    assert env["DATABASE_URL"].startswith("postgresql://medet_app:")
    assert (warm / "running.json").stat().st_mode & 0o777 == 0o600
    run.send_signal(number)
    assert run.wait(40) == 0
    assert is_free(port_of(url))
    env = {"MEDET_DATA": str(warm)}
    current.adopt(env)
    assert "DATABASE_URL" not in env


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_make_alone_ends_the_run(start: Start, tmp_path: Path, number: int) -> None:
    """Make hands on SIGTERM, keeps SIGINT to itself and waits, and cannot do anything about a kill."""
    run = start(make=tmp_path)
    port = port_of(address(run))
    run.send_signal(number)
    run.wait(40)
    assert eventually(lambda: is_free(port), 20)


def test_a_signal_during_the_preparation_ends_too(start: Start, warm: Path) -> None:
    run = start()
    assert eventually((warm / "postgres" / "data" / "postmaster.pid").exists, 30)
    run.terminate()
    assert run.wait(40) == 0


def test_a_signal_whose_exception_python_dropped_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "HEARD", [])
    product.unless_heard()
    with suppress(product.Interrupted):  # as in a destructor
        product.interrupted(signal.SIGTERM, None)
    with pytest.raises(product.Interrupted):
        product.unless_heard()


def test_kill_of_postgresql_is_healed(start: Start, warm: Path) -> None:
    run = start()
    address(run)
    url = current.recall(warm)["DATABASE_URL"]
    server = int((warm / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    assert eventually(lambda: gone(server))
    assert eventually(lambda: answers(url), 30), "at the same address"
    run.terminate()
    assert run.wait(40) == 0


def test_another_port_is_taken_when_its_own_is(start: Start) -> None:
    with socket.socket() as taker:
        taker.bind(("127.0.0.1", 0))
        taker.listen(1)
        port = taker.getsockname()[1]
        url = address(start(port=port))
        assert port_of(url) != port
        assert status(url) < 500


def test_kill_of_the_run_leaves_nothing_and_starts_again(start: Start) -> None:
    run = start()
    port = port_of(address(run))
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert eventually(lambda: is_free(port), 20)
    assert status(address(start(port=port))) < 500


def test_one_run_a_folder(start: Start) -> None:
    url = address(start())
    second = start()
    said = second.communicate(timeout=40)[1]
    assert second.returncode == 1
    assert said.startswith("Medet already runs from ")
    assert url in said
    assert said.count("\n") == 1


def test_made_up_people_never_meet_real_ones(start: Start) -> None:
    first = start("serve")
    address(first)
    first.terminate()
    assert first.wait(40) == 0
    second = start("demo")
    said = second.communicate(timeout=40)[1]
    assert second.returncode == 1
    assert "holds the data of `make serve`: set MEDET_DATA to another folder for `make demo`." in said


def test_an_upgrade_ends_the_service_backs_its_own_postgresql_up_and_brings_it_to_this_release(
    start: Start, warm: Path
) -> None:
    run = start(MEDET_UNIT="1")  # systemd would start it again
    address(run)
    with psycopg.connect(current.recall(warm)["DATABASE_URL"]) as connection:
        connection.execute("select lo_create(0)")  # whoever left it there: the owner may not read it
    command = [sys.executable, "-m", "medet.supervisor", "upgrade"]
    env = clean_environment() | {"MEDET_DATA": str(warm)}
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert run.wait(40) == 0
    [backup] = (warm / "backups").iterdir()
    assert f"Backup: {backup}" in done.stdout
    with Postgres(warm, env=clean_environment()) as postgres, psycopg.connect(postgres.url(roles.APP)) as connection:
        assert connection.execute("select count(*) > 20 from policy_parameter").fetchone() == (True,)


def test_what_this_tree_does_not_have_is_left_out() -> None:
    parts = [product.Part("phone", ("migrate",)), product.Part("later", ("not_written_yet",))]
    assert [one.name for one in product.programs(parts, {})] == ["phone"]
