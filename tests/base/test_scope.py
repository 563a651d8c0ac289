"""Row level security: nothing without a scope, and a scope that dies with its transaction."""

import pytest
from django.db import ProgrammingError, connection, transaction

from medet.base.actor import WORKER, Actor, Held
from medet.base.rls import RowLevelSecurity
from medet.base.scope import scope
from tests.base.rows import as_owner, editor_of

MINE = Actor(user_id=1, held=frozenset({Held("doctor", 1)}))
OURS = Actor(user_id=2, held=frozenset({Held("doctor", 1), Held("operator", 2)}))
NOBODY = Actor(user_id=3)


@pytest.fixture
def notes(committed):
    """A table as a room's migration would make it: two organisations may see a row."""
    with as_owner() as owner:
        owner.execute("drop table if exists note")
        owner.execute("create table note (word text, organisation_id bigint, clinic_id bigint)")
        owner.execute("insert into note values ('one', 1, null), ('two', 2, 3), ('none', null, null)")
        operation = RowLevelSecurity("note", columns=("organisation_id", "clinic_id"))
        operation.database_forwards("base", editor_of(owner), None, None)
        yield operation


def words() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select word from note order by word")
        return [word for (word,) in cursor.fetchall()]


def add(word: str, organisation: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into note values (%s, %s, null)", [word, organisation])


def setting(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s, true)", [name])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (MINE, ["one"]),
        (OURS, ["one", "two"]),
        (Actor(user_id=4, held=frozenset({Held("doctor", 3)})), ["two"]),
        (Actor(user_id=5, held=frozenset({Held("doctor", 99)})), []),
        (NOBODY, []),
        (WORKER, ["none", "one", "two"]),
    ],
)
def test_each_sees_the_rows_of_their_organisations(notes, actor, seen):
    with scope(actor):
        assert words() == seen


def test_without_a_scope_there_is_nothing(notes):
    assert words() == []
    with scope(WORKER):
        pass
    assert words() == []
    with pytest.raises(ProgrammingError, match="row-level security"):
        add("x", 1)


def test_it_accepts_rows_of_own_organisations_only(notes):
    with scope(MINE):
        add("x", 1)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            add("y", 2)
        assert words() == ["one", "x"]


def test_rows_of_others_cannot_be_changed_or_given_away(notes):
    with scope(MINE), connection.cursor() as cursor:
        cursor.execute("update note set word = 'z' where word = 'two'")
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute("update note set organisation_id = 2 where word = 'one'")


def test_the_scope_dies_with_its_transaction(committed):
    with scope(OURS):
        assert (setting("medet.user"), setting("medet.orgs")) == ("2", "1,2")
    assert not setting("medet.orgs")
    with scope(WORKER):
        assert (setting("medet.user"), setting("medet.orgs")) == ("worker", "*")
    assert not setting("medet.orgs")
    with pytest.raises(ZeroDivisionError), scope(WORKER):
        raise ZeroDivisionError
    assert not setting("medet.orgs")


def test_an_inner_scope_gives_back_the_outer_one(committed):
    with scope(MINE):
        with scope(WORKER):
            assert setting("medet.orgs") == "*"
        assert (setting("medet.user"), setting("medet.orgs")) == ("1", "1")
        with pytest.raises(ZeroDivisionError), scope(WORKER):
            raise ZeroDivisionError
        assert setting("medet.orgs") == "1"


def test_it_ends_inside_a_longer_transaction_as_well(committed):
    with transaction.atomic():
        with scope(WORKER):
            assert setting("medet.orgs") == "*"
        assert not setting("medet.orgs")


def test_the_operation_can_be_undone(notes):
    with as_owner() as owner:
        notes.database_backwards("base", editor_of(owner), None, None)
    assert words() == ["none", "one", "two"]
