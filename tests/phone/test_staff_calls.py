"""What is said to a colleague, and which key counts; over real SIP it is rung by tests/live/test_trunk_row.py."""

import asyncio

import pytest

from medet.contacts.staff_calls.states import StaffCallKind
from medet.phone.staff_calls import WORDS, asked
from tests.phone.test_script import ScriptedLeg

DUTY, TEST = WORDS[StaffCallKind.DUTY], WORDS[StaffCallKind.TEST]


@pytest.mark.parametrize(
    ("words", "keys", "ends_at", "key", "heard"),
    [
        (DUTY, ["1"], "", "1", ["said", "thanks"]),
        (DUTY, ["", "1"], "", "1", ["said", "said", "thanks"]),
        (DUTY, ["5", "1"], "", "1", ["said", "said", "thanks"]),
        (DUTY, ["", ""], "", "", ["said", "said"]),  # spoken twice, then it is over
        (DUTY, ["5", "5", "1"], "", "", ["said", "said"]),
        (DUTY, ["1"], "said", "", []),  # hung up at once
        (DUTY, ["1"], "thanks", "1", ["said"]),  # hung up after the key: it was heard
        (TEST, ["7"], "", "7", ["said", "thanks"]),
        (TEST, [""], "", "", ["said"]),
    ],
)
def test_what_is_said_and_which_key_counts(words, keys, ends_at, key, heard):
    leg = ScriptedLeg(list(keys), ends_at=ends_at)
    assert asyncio.run(asked(leg, words, b"said|", b"thanks|")) == key
    assert leg.heard == heard
