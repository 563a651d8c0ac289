"""Calls that take long to end by nature: begun with the session, judged at its end."""

from medet.engines.telephony import EndedBy, LegEnd, Outcome, TrunkState
from tests.engines.telephony.harness import RTP_TIMEOUT_S, Phone


def test_a_phone_that_vanishes_ends_the_leg(phone: Phone) -> None:
    end = phone.run(phone.vanished.finished(), 40)
    assert (end.outcome, end.ended_by) == (Outcome.ANSWERED, EndedBy.NETWORK)
    assert abs(end.times.talk_s - RTP_TIMEOUT_S) < 3


def test_silence_is_the_networks_failure_and_not_the_patients_absence(phone: Phone) -> None:
    end = phone.run(phone.silent.finished(), 40)
    assert (end.outcome, end.sip_code, end.times.rang) == (Outcome.NETWORK_FAILED, None, None)
    assert end.ended_by is EndedBy.NETWORK
    assert phone.silent_peer.received("INVITE") >= 1
    # RFC 3261 §9.1: no CANCEL before something answered.
    assert phone.silent_peer.received("CANCEL") == 0


def test_three_calls_without_any_answer_make_the_trunk_silent(phone: Phone) -> None:
    ends: list[LegEnd] = [phone.run(leg.finished(), 40) for leg in phone.nobody]
    assert {end.outcome for end in ends} == {Outcome.NETWORK_FAILED}
    (health,) = [one for one in phone.engine.health().trunks if one.name == phone.nobody_trunk]
    assert health.state is TrunkState.SILENT
    # Not closed: one call at a time tries whether it is back.
    assert phone.engine.capacity(phone.nobody_trunk).free == 1
    assert health in phone.healths
