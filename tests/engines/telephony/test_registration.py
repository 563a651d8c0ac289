"""Registration: SIPp is the registrar. Its trunks are in the folder's one engine, see conftest."""

import pytest

from medet.engines.telephony import TrunkDown, TrunkHealth, TrunkState
from tests.engines.telephony.digest import assert_digest
from tests.engines.telephony.harness import Phone, Sipp, until


def health(phone: Phone, name: str) -> TrunkHealth:
    (found,) = [one for one in phone.engine.health().trunks if one.name == name]
    return found


def assert_refused(phone: Phone, name: str) -> None:
    assert phone.engine.capacity(name).free == 0
    with pytest.raises(TrunkDown):
        phone.run(phone.engine.originate(phone.spec(name)))


def test_a_challenged_registration_is_admitted_and_renewed_twice(phone: Phone, registrars: dict[str, Sipp]) -> None:
    registrars["registrar"].verdict()
    until(lambda: health(phone, "registrar").state is TrunkState.OK)
    assert phone.engine.capacity("registrar").free == 30
    assert_digest(registrars["registrar"].messages(), "REGISTER", "Authorization")


def test_a_proxys_challenge_is_answered_too(phone: Phone, registrars: dict[str, Sipp]) -> None:
    registrars["registrar_407"].verdict()
    until(lambda: health(phone, "registrar_407").state is TrunkState.OK)
    assert_digest(registrars["registrar_407"].messages(), "REGISTER", "Proxy-Authorization")


@pytest.mark.parametrize("name", ["registrar_refuses", "wrong password"])
def test_a_refusal_shows_its_code_and_stops_calls(phone: Phone, registrars: dict[str, Sipp], name: str) -> None:
    registrars[name].verdict()
    refused = until(lambda: next((one for one in phone.healths if (one.name, one.sip_code) == (name, 403)), None))
    assert refused.state is TrunkState.REFUSED
    assert refused.detail == "Forbidden"
    assert_refused(phone, name)


def test_a_trunk_is_lost_and_comes_back(phone: Phone, registrars: dict[str, Sipp]) -> None:
    peer = registrars["registrar_plain"]
    until(lambda: health(phone, "registrar_plain").state is TrunkState.OK)
    # Silence means something only once the trunk has answered a ping.
    until(lambda: peer.received("OPTIONS") > 0)
    peer.stop()
    until(lambda: health(phone, "registrar_plain").state is TrunkState.SILENT)
    assert_refused(phone, "registrar_plain")
    before = peer.received("REGISTER")
    again = Sipp("registrar_plain", peer.port, phone.folder, calls=1000)
    until(lambda: health(phone, "registrar_plain").state is TrunkState.OK, 15)
    assert again.received("REGISTER") > 0
    assert before > 0
    assert phone.engine.capacity("registrar_plain").free == 30
    again.stop()
