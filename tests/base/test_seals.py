"""Seals: whoever touches a sealed row, even as the owner and with the guard off, is found and the row is named."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from medet.base import seals
from medet.base.models import Seal
from tests.base.rows import NOW, as_app, as_owner, ended_call, read_card


@pytest.fixture
def sealed(committed):
    """Three audit rows and two of evidence, sealed."""
    for person in (1, 2, 3):
        read_card(person)
    ended_call(12.5)
    ended_call(1e17)
    assert seals.step(NOW)
    assert seals.verify() == []


def behind_the_back(statement: str) -> list[str]:
    """A change as the owner with the guard switched off; then what is found."""
    with as_owner() as owner:
        for table in ("audit_entry", "evidence", "seal"):
            owner.execute(f"alter table {table} disable trigger user")
        owner.execute(statement)
    return [f"{found.chain} {found.seal}: {found.what}" for found in seals.verify()]


def test_one_step_seals_all_settled_rows_and_the_next_has_nothing_to_do(sealed):
    assert not seals.step(NOW)
    assert {seal.chain: len(bytes(seal.rows)) // 16 for seal in Seal.objects.all()} == {"audit": 3, "evidence": 2}


def test_nothing_above_the_horizon_is_sealed(sealed):
    with as_app() as open_one:
        open_one.execute("insert into audit_entry (at, action, detail, by_label) values (now(), 'card.read', '{}', '')")
        read_card(4)
        assert not seals.step(NOW)
        open_one.commit()
    assert seals.step(NOW)
    assert len(bytes(Seal.objects.get(chain="audit", number=2).rows)) == 2 * 16
    assert seals.verify() == []


def test_a_long_backlog_is_sealed_in_batches(sealed, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 2)
    for person in range(5):
        read_card(person)
    steps = 0
    while seals.step(NOW + timedelta(seconds=steps)):
        steps += 1
    assert steps == 3
    assert Seal.objects.filter(chain="audit").count() == 4
    assert seals.verify() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update audit_entry set person_id = 9 where id = 2", "audit 1: row 2 is altered"),
        ("update audit_entry set person_id = null where id = 2", "audit 1: row 2 is altered"),
        ("update audit_entry set detail = '{}' where id = 3", "audit 1: row 3 is altered"),
        ("update audit_entry set at = at - interval '40 days' where id = 3", "audit 1: row 3 is altered"),
        ("delete from audit_entry where id = 2", "audit 1: row 2 is removed"),
        ("update evidence set facts = '{\"seconds\": 13}' where id = 1", "evidence 1: row 1 is altered"),
        ("delete from evidence where id = 1", "evidence 1: row 1 is removed"),
        ("update seal set at = now() where chain = 'audit'",
         "audit 1: the seal does not follow from its rows and the seal before"),
    ],
)  # fmt: skip
def test_it_names_what_was_changed(sealed, statement, found):
    assert behind_the_back(statement) == [found]


@pytest.mark.parametrize("number", [77, 2])
def test_it_names_an_added_row_even_under_a_used_number(sealed, number):
    added = behind_the_back(f"""insert into audit_entry (id, xid, at, action, detail, by_label)
        overriding system value select {number}, xid, now(), 'card.read', '{{}}', '' from audit_entry where id = 1""")
    assert added == [f"audit 1: row {number} is added"]


def test_it_finds_a_seal_that_was_removed_or_remade(sealed):
    read_card(4)
    assert seals.step(NOW)
    assert seals.verify() == []
    assert behind_the_back("update seal set mac = sha256 where chain = 'audit' and number = 2") == [
        "audit 2: the seal was not made by this installation"
    ]
    assert behind_the_back("delete from seal where chain = 'audit' and number = 1") == ["audit 1: is missing"]


def test_the_command_says_so_and_exits_with_1(sealed):
    out = io.StringIO()
    call_command("verify_seals", stdout=out)
    assert "audit: 1 seals whole, head " in out.getvalue()
    behind_the_back("delete from audit_entry where id = 1")
    with pytest.raises(CommandError, match="audit: seal 1: row 1 is removed"):
        call_command("verify_seals")
