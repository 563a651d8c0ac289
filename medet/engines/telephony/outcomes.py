"""How a call ended, in one vocabulary for every driver, and the table from SIP codes to it.

Codes: RFC 3261 §21, RFC 8197 (607). The raw code is always kept beside the outcome.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one call attempt."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"  # it rang, nobody took it
    REJECTED = "rejected"  # a person, or the network for them, said no
    INVALID_NUMBER = "invalid_number"  # the number is wrong: never dial it again unchecked
    NETWORK_FAILED = "network_failed"  # the phone did not ring; not the patient's doing
    REDIRECTED = "redirected"  # the network asked us to ring another number; never followed
    CANCELLED = "cancelled"  # we took the call back before it was answered
    UNKNOWN = "unknown"  # nobody saw the end (crash); or a code of no known meaning


class EndedBy(StrEnum):
    """Whose act ended the call."""

    US = "us"
    PEER = "peer"
    NETWORK = "network"


_BY_CODE: dict[int, Outcome] = {
    200: Outcome.ANSWERED,
    # The line is taken.
    486: Outcome.BUSY,
    600: Outcome.BUSY,
    # Nobody there. 487 is the answer to a CANCEL: ours is known from our own timer.
    480: Outcome.NO_ANSWER,
    487: Outcome.NO_ANSWER,
    # A refusal meant for us.
    403: Outcome.REJECTED,
    433: Outcome.REJECTED,  # anonymity disallowed
    603: Outcome.REJECTED,
    607: Outcome.REJECTED,  # unwanted: the caller id may be blocked
    608: Outcome.REJECTED,  # rejected by an analytics engine (RFC 8688)
    # No such number.
    404: Outcome.INVALID_NUMBER,
    410: Outcome.INVALID_NUMBER,
    484: Outcome.INVALID_NUMBER,
    604: Outcome.INVALID_NUMBER,
    # Another number is offered.
    300: Outcome.REDIRECTED,
    301: Outcome.REDIRECTED,
    302: Outcome.REDIRECTED,
    305: Outcome.REDIRECTED,
    380: Outcome.REDIRECTED,
}


def outcome_of(
    sip_code: int | None, *, own_timeout: bool = False, own_cancel: bool = False, rang: bool = True
) -> Outcome:
    """The outcome of a call that was never answered (or 200 for one that was).

    `own_timeout`: our ring timer ended it; `own_cancel`: we took it back for another reason;
    `rang`: the far end reported ringing or early media (180-183). A call that our own timer ended
    before anything rang is the network's failure, not the patient's absence.
    """
    if own_cancel:
        return Outcome.CANCELLED
    if own_timeout:
        return Outcome.NO_ANSWER if rang else Outcome.NETWORK_FAILED
    if sip_code is None:
        return Outcome.NETWORK_FAILED
    return _BY_CODE.get(sip_code) or _of_class(sip_code)


def _of_class(sip_code: int) -> Outcome:
    """Codes without a line of their own: every other 4xx and 5xx is the network's (408, 488, 503 ...)."""
    if 300 <= sip_code < 400:
        return Outcome.REDIRECTED
    if 400 <= sip_code < 600:
        return Outcome.NETWORK_FAILED
    if 600 <= sip_code < 700:
        return Outcome.REJECTED
    return Outcome.UNKNOWN
