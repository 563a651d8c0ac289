"""Evidence, audit and canonical JSON: what is hashed is what is read back."""

import hashlib
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.base.actor import ROBOT, Actor
from medet.base.canonical import canonical, plain
from medet.base.evidence import digest, keep
from medet.base.models import AuditEntry, Evidence
from tests.base.rows import NOW, read_card

# jsonb holds neither NUL nor lone surrogates.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
FACTS = st.dictionaries(
    WORDS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@pytest.mark.django_db
def test_it_is_kept_with_its_hash():
    uid = keep(
        kind="call.ended", object_uid=UUID(int=5), facts={"б": 1, "а": (NOW, date(2026, 1, 2))}, by=ROBOT, now=NOW
    )
    row = Evidence.objects.get(uid=uid)
    assert (row.kind, row.object_uid, row.at, row.by_label) == ("call.ended", UUID(int=5), NOW, "robot")
    text = '{"а":["2026-11-22T09:00:00Z","2026-01-02"],"б":1}'
    assert bytes(row.sha256) == hashlib.sha256(text.encode()).digest() == digest(row.facts)


@pytest.mark.django_db
@given(FACTS)
def test_whatever_is_kept_reads_back_with_the_same_hash(facts):
    row = Evidence.objects.get(uid=keep(kind="k.k", object_uid=UUID(int=1), facts=facts, by=ROBOT, now=NOW))
    assert digest(row.facts) == bytes(row.sha256)


def test_order_and_kind_of_container_do_not_matter():
    assert canonical({"b": 1, "a": [1, 2]}) == canonical({"a": (1, 2), "b": 1}) == b'{"a":[1,2],"b":1}'
    assert plain({"at": NOW}) == {"at": "2026-11-22T09:00:00Z"}
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": float("nan")})


@pytest.mark.django_db
def test_the_audit_says_who_looked_at_whom():
    read_card(8)
    row = AuditEntry.objects.get(person_id=8)
    assert (row.at, row.action, row.by_label, row.detail) == (NOW, "card.read", "worker", {"reason": "ё"})
    assert Actor(user_id=1).organisations_setting == ""
