"""One engine for the whole folder: the embedded stack is global to its process, and one process runs the folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from medet.engines.telephony import Trunk
from tests.engines.telephony.harness import PASSWORD, Patient, Phone, Sipp
from tests.ports import udp_ports

DRIVERS = ["medet.engines.telephony.drivers.baresip"]
# Many calls at once are dealt out over so many trunks; together they dial 20 calls a second.
CROWDS = 10
# Trunk name -> scenario, how many calls it plays.
REGISTRARS = {
    "registrar": ("registrar", 1),
    "registrar_407": ("registrar_407", 1),
    "registrar_refuses": ("registrar_refuses", 1),
    "wrong password": ("registrar", 1),
    "registrar_plain": ("registrar_plain", 1000),
}


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scenarios and logs of the peers."""
    return tmp_path_factory.mktemp("sipp")


@pytest.fixture(scope="package")
def registrars(folder: Path) -> Iterator[dict[str, Sipp]]:
    """Registrars that wait for the engine."""
    ports = dict(zip(REGISTRARS, udp_ports(len(REGISTRARS)), strict=True))
    peers = {name: Sipp(scenario, ports[name], folder, calls=n) for name, (scenario, n) in REGISTRARS.items()}
    yield peers
    for peer in peers.values():
        if peer.process.poll() is None:
            peer.stop()


def registering(name: str, port: int) -> Trunk:
    """A trunk that wants registration."""
    return Trunk(
        f"127.0.0.1:{port}",
        "robot",
        "wrong" if name == "wrong password" else PASSWORD,
        register=True,
        name=name,
        ping_every_s=0.3 if name == "registrar_plain" else 0,
    )


@pytest.fixture(scope="package", params=DRIVERS, ids=lambda path: path.rsplit(".", 1)[1])
def phone(request: pytest.FixtureRequest, folder: Path, registrars: dict[str, Sipp]) -> Iterator[Phone]:
    """The engine under test."""
    (port,) = udp_ports(1)
    crowds = {f"crowd{n}": port for n, port in enumerate(udp_ports(CROWDS))}
    trunks = [Trunk(f"127.0.0.1:{port}", "robot", name="patient", max_channels=3, ping_every_s=0)]
    trunks += [
        Trunk(f"127.0.0.1:{port}", "robot", name=name, attempts_per_s=2, ping_every_s=0)
        for name, port in crowds.items()
    ]
    trunks += [registering(name, peer.port) for name, peer in registrars.items()]
    one = Phone(request.param, folder, trunks)
    one.patient_port, one.crowds = port, crowds
    one.start_slow()
    yield one
    one.close()


@pytest.fixture(scope="package")
def patient(phone: Phone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    """The phone that answers at once."""
    one = Patient(phone.patient_port, tmp_path_factory.mktemp("heard"))
    yield one
    one.close()
