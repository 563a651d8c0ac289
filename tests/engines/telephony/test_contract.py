"""What every driver must do, judged by SIPp: an implementation other than ours."""

import asyncio
import socket
import time

import pytest

from medet.engines.telephony import (
    AlreadyDialled,
    CollectEnd,
    EndedBy,
    LegEnded,
    LegEventKind,
    NumberNotAllowed,
    Outcome,
    TooLate,
    UnknownTrunk,
)
from tests.engines.telephony.digest import assert_digest
from tests.engines.telephony.harness import HERE, PYTHON, Phone, until

SILENCE_1S = bytes(16_000)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("486 Busy Here", Outcome.BUSY),
        ("600 Busy Everywhere", Outcome.BUSY),
        ("603 Decline", Outcome.REJECTED),
        ("607 Unwanted", Outcome.REJECTED),
        ("404 Not Found", Outcome.INVALID_NUMBER),
        ("480 Temporarily Unavailable", Outcome.NO_ANSWER),
        ("408 Request Timeout", Outcome.NETWORK_FAILED),
        ("503 Service Unavailable", Outcome.NETWORK_FAILED),
    ],
)
@pytest.mark.parametrize("scenario", ["final", "ring_then_final"])
def test_a_final_answer_becomes_its_outcome(phone: Phone, scenario: str, answer: str, outcome: Outcome) -> None:
    trunk, peer = phone.peer(scenario, answer=answer)
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is False
    end = phone.run(leg.finished())
    code, _, reason = answer.partition(" ")
    assert (end.outcome, end.sip_code, end.reason) == (outcome, int(code), reason)
    assert end.ended_by is EndedBy.PEER
    assert (end.times.rang is not None) is (scenario == "ring_then_final")
    peer.verdict()


def test_what_allowed_the_call_grows_old(phone: Phone) -> None:
    """Nothing leaves: the peer would complain of an INVITE that nobody follows up."""
    trunk, _peer = phone.peer("ring_forever")
    with pytest.raises(TooLate):
        phone.dial(trunk, until=time.monotonic() - 0.01)
    assert phone.engine.capacity().live == 0


def test_ringing_for_ever_ends_by_our_cancel(phone: Phone) -> None:
    trunk, peer = phone.peer("ring_forever")
    before = time.monotonic()
    leg = phone.dial(trunk, ring_timeout_s=0.8)
    end = phone.run(leg.finished())
    assert (end.outcome, end.ended_by, end.sip_code) == (Outcome.NO_ANSWER, EndedBy.US, None)
    assert 0.75 < time.monotonic() - before < 2.0
    peer.verdict()


def test_taken_back_by_us_is_cancelled(phone: Phone) -> None:
    trunk, peer = phone.peer("ring_forever")
    leg = phone.dial(trunk)

    async def cancel_when_ringing() -> None:
        async for event in leg.events():
            if event.kind is LegEventKind.RINGING:
                await leg.hangup()

    phone.run(cancel_when_ringing())
    assert leg.end is not None
    assert (leg.end.outcome, leg.end.ended_by) == (Outcome.CANCELLED, EndedBy.US)
    peer.verdict()


def test_a_trunk_that_takes_the_call_and_rings_nobody(phone: Phone) -> None:
    trunk, peer = phone.peer("trying")
    end = phone.run(phone.dial(trunk, ring_timeout_s=0.5).finished())
    assert (end.outcome, end.times.rang) == (Outcome.NETWORK_FAILED, None)
    assert end.times.ended is not None
    assert end.times.ended - end.times.invited < 2
    peer.verdict()


@pytest.mark.parametrize("by", ["ring timer", "us"])
def test_a_phone_that_rings_after_we_gave_up_is_cancelled_at_once(phone: Phone, by: str) -> None:
    trunk, peer = phone.peer("late_ring")
    leg = phone.dial(trunk, ring_timeout_s=0.7)
    if by == "us":
        phone.run(leg.hangup())
    # It did ring, so it counts against "nobody is pestered".
    wanted = Outcome.NO_ANSWER if by == "ring timer" else Outcome.CANCELLED
    assert phone.run(leg.finished()).outcome is wanted
    peer.verdict()


def test_a_late_200_that_crosses_our_cancel_is_acknowledged_and_hung_up(phone: Phone) -> None:
    trunk, peer = phone.peer("late_200")
    leg = phone.dial(trunk, ring_timeout_s=0.5)
    end = phone.run(leg.finished())
    assert end.outcome is Outcome.NO_ANSWER
    peer.verdict()


def test_the_peer_hangs_up_after_the_answer(phone: Phone) -> None:
    trunk, peer = phone.peer("answer_hangup")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    with pytest.raises(LegEnded) as ended:
        phone.run(leg.play(SILENCE_1S * 5))
    end = ended.value.end
    assert (end.outcome, end.ended_by) == (Outcome.ANSWERED, EndedBy.PEER)
    assert 0.2 < end.times.talk_s < 1.5
    peer.verdict()


def test_early_media_is_not_an_answer(phone: Phone) -> None:
    trunk, peer = phone.peer("early_media")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    assert leg.times.rang is not None
    assert leg.times.answered is not None
    assert leg.times.answered - leg.times.rang > 0.4
    phone.run(leg.hangup())
    peer.verdict()


def test_a_reinvite_does_not_disturb_a_prompt(phone: Phone) -> None:
    trunk, peer = phone.peer("reinvite")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    assert phone.run(leg.play(SILENCE_1S * 2)).finished is True
    assert leg.end is None
    end = phone.run(leg.hangup())
    assert (end.outcome, end.ended_by) == (Outcome.ANSWERED, EndedBy.US)
    peer.verdict()


def test_a_redirection_is_never_followed(phone: Phone) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.settimeout(1.0)
        trunk, peer = phone.peer("redirect", elsewhere=f"+4490900000@127.0.0.1:{elsewhere.getsockname()[1]}")
        leg = phone.dial(trunk)
        end = phone.run(leg.finished())
        assert (end.outcome, end.sip_code) == (Outcome.REDIRECTED, 302)
        peer.verdict()
        with pytest.raises(TimeoutError):
            elsewhere.recv(2000)


def test_a_request_to_call_somebody_else_is_never_followed(phone: Phone) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.settimeout(1.0)
        trunk, peer = phone.peer("refer", elsewhere=f"+4490900000@127.0.0.1:{elsewhere.getsockname()[1]}")
        leg = phone.dial(trunk)
        assert phone.run(leg.answered()) is True
        with pytest.raises(TimeoutError):
            elsewhere.recv(2000)
        peer.verdict()  # it was told 202, as RFC 3515 asks, and no more
        assert leg.end is None
        phone.run(leg.hangup())


def test_keys_by_rfc_4733(phone: Phone) -> None:
    sent = phone.folder / "pressed"
    trunk, peer = phone.peer(
        "keys_rfc4733", python=PYTHON, sender=str(HERE / "rtp_keys.py"), keys="1957#", sent=str(sent)
    )
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    digits = phone.run(leg.collect(8, timeout_s=3, prompt=SILENCE_1S * 4))
    assert (digits.text, digits.ended) == ("1957", CollectEnd.TERMINATOR)
    # From before the first packet of the key to our loop: the share of the telephone in "a red answer does not wait".
    assert digits.first_at is not None
    assert 0 <= digits.first_at - float(sent.read_text().split()[0]) < 0.15
    phone.run(leg.hangup())
    peer.verdict()


def test_keys_by_sip_info(phone: Phone) -> None:
    trunk, peer = phone.peer("keys_info")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    digits = phone.run(leg.collect(4, timeout_s=3))
    assert (digits.text, digits.ended) == ("5", CollectEnd.TERMINATOR)
    phone.run(leg.hangup())
    peer.verdict()


def test_keys_in_forms_of_sip_info_that_the_stack_refuses(phone: Phone) -> None:
    trunk, peer = phone.peer("keys_info_odd")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    digits = phone.run(leg.collect(4, timeout_s=3))
    assert (digits.text, digits.ended) == ("7*", CollectEnd.TERMINATOR)
    phone.run(leg.hangup())
    peer.verdict()


def test_a_key_cuts_the_prompt(phone: Phone) -> None:
    sent = phone.folder / "barge"
    trunk, _ = phone.peer("keys_rfc4733", python=PYTHON, sender=str(HERE / "rtp_keys.py"), keys="2", sent=str(sent))
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    result = phone.run(leg.play(SILENCE_1S * 10))
    assert result.finished is False
    assert result.heard_s < 2
    assert result.key is not None
    digits = phone.run(leg.collect(timeout_s=0.1))
    assert (digits.text, digits.first_at) == ("2", result.key.at)
    phone.run(leg.hangup())


def test_no_key_is_a_timeout(phone: Phone) -> None:
    trunk, peer = phone.peer("answer")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    digits = phone.run(leg.collect(timeout_s=0.2))
    assert (digits.text, digits.ended, digits.first_at) == ("", CollectEnd.TIMEOUT, None)
    phone.run(leg.hangup())
    peer.verdict()


@pytest.mark.parametrize("code", ["401", "407"])
def test_a_challenged_invite_is_answered_with_the_password(phone: Phone, code: str) -> None:
    trunk, peer = phone.peer(f"call_{code}")
    leg = phone.dial(trunk)
    assert phone.run(leg.answered()) is True
    phone.run(leg.hangup())
    peer.verdict()
    assert_digest(peer.messages(), "INVITE", "Authorization" if code == "401" else "Proxy-Authorization")


def test_only_narrow_band_codecs_and_our_caller_id_are_offered(phone: Phone) -> None:
    trunk, peer = phone.peer("final", answer="486 Busy Here")
    phone.run(phone.dial(trunk).finished())
    peer.verdict()
    wire = peer.messages()
    offered = {line.split(" ", 1)[1] for line in wire.splitlines() if line.startswith("a=rtpmap:")}
    assert offered == {"PCMA/8000", "PCMU/8000", "telephone-event/8000"}
    assert "P-Asserted-Identity: <sip:+77272000000@" in wire


@pytest.mark.parametrize("number", ["+442071234567", "87010000001", "+7701", "", "+7701000000a", "+77010000001;x=1"])
def test_a_number_that_is_not_allowed_is_refused_before_any_packet(phone: Phone, number: str) -> None:
    name, port = phone.spare()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trap:
        trap.bind(("127.0.0.1", port))
        trap.settimeout(0.2)
        with pytest.raises(NumberNotAllowed):
            phone.run(phone.engine.originate(phone.spec(name, to=number)))
        with pytest.raises(TimeoutError):
            trap.recv(2000)


def test_one_key_is_dialled_once_and_an_unknown_trunk_never(phone: Phone) -> None:
    trunk, _ = phone.peer("final", answer="486 Busy Here")
    spec = phone.spec(trunk)
    leg = phone.run(phone.engine.originate(spec))
    phone.run(leg.finished())
    with pytest.raises(AlreadyDialled):
        phone.run(phone.engine.originate(spec))
    with pytest.raises(UnknownTrunk):
        phone.run(phone.engine.originate(phone.spec("no such")))


def test_a_caller_that_is_cancelled_while_dialling_leaves_no_phone_ringing(phone: Phone) -> None:
    trunk, peer = phone.peer("ring_forever")

    async def dial_and_give_up() -> None:
        going = asyncio.create_task(phone.engine.originate(phone.spec(trunk)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going

    phone.run(dial_and_give_up())
    peer.verdict(3)
    until(lambda: phone.engine.capacity(trunk).live == 0)
