"""The table from SIP codes to outcomes, whole."""

import pytest

from medet.engines.telephony import Outcome, outcome_of

TABLE: dict[Outcome, list[int | None]] = {
    Outcome.ANSWERED: [200],
    Outcome.BUSY: [486, 600],
    Outcome.NO_ANSWER: [480, 487],
    Outcome.REJECTED: [403, 433, 603, 607, 608, 606],
    Outcome.INVALID_NUMBER: [404, 410, 484, 604],
    Outcome.REDIRECTED: [300, 301, 302, 305, 380, 399],
    Outcome.NETWORK_FAILED: [400, 401, 402, 407, 408, 415, 420, 482, 483, 488, 500, 502, 503, 504, 513, None],
    Outcome.UNKNOWN: [100, 199, 700],
}


@pytest.mark.parametrize(("outcome", "code"), [(outcome, code) for outcome, codes in TABLE.items() for code in codes])
def test_every_code_has_one_outcome(outcome: Outcome, code: int | None) -> None:
    assert outcome_of(code) is outcome


def test_our_own_acts_come_before_the_code() -> None:
    assert outcome_of(487, own_cancel=True) is Outcome.CANCELLED
    assert outcome_of(None, own_timeout=True) is Outcome.NO_ANSWER
    assert outcome_of(487, own_timeout=True) is Outcome.NO_ANSWER
    assert outcome_of(None, own_timeout=True, rang=False) is Outcome.NETWORK_FAILED
