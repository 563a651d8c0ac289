"""One engine for the whole folder: the embedded stack is global to its process."""

from collections.abc import Iterator

import pytest

from medet.engines.telephony import Trunk
from tests.engines.telephony.harness import Patient, Phone, free_sip_port

DRIVERS = ["medet.engines.telephony.drivers.baresip"]


@pytest.fixture(scope="session", params=DRIVERS, ids=lambda path: path.rsplit(".", 1)[1])
def phone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """The engine under test."""
    port = free_sip_port()
    trunks = [Trunk(f"127.0.0.1:{port}", "robot", name="patient", ping_every_s=0)]
    one = Phone(request.param, tmp_path_factory.mktemp("sipp"), trunks)
    one.patient_port = port
    one.start_slow()
    yield one
    one.close()


@pytest.fixture(scope="session")
def patient(phone: Phone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    """The phone that answers at once."""
    one = Patient(phone.patient_port, tmp_path_factory.mktemp("heard"))
    yield one
    one.close()
