"""The fixtures themselves: roles, roll-back, own databases, closed network."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection


def ask(statement: str) -> object:
    """One value from the default connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", [1, 2])
def test_rolls_back(attempt: int) -> None:
    # A large object is what a role without any table may make.
    assert ask("select count(*) from pg_largeobject_metadata") == 0
    ask("select lo_create(0)")


@pytest.mark.django_db
def test_connects_as_the_application() -> None:
    assert ask("select current_user::text") == "medet_app"
    assert ask("select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user") is False


@pytest.mark.parametrize("attempt", [1, 2])
def test_live_database_is_new_each_time_and_children_see_it(live_database: dict[str, str], attempt: int) -> None:
    assert ask("select count(*) from pg_largeobject_metadata") == 0
    ask("select lo_create(0)")
    code = (
        "import django; django.setup(); from django.db import connection as c;"
        "print(c.cursor().execute('select count(*), current_user from pg_largeobject_metadata').fetchone())"
    )
    done = subprocess.run([sys.executable, "-c", code], env=live_database, capture_output=True, text=True, check=False)
    assert done.stdout == "(1, 'medet_app')\n", done.stderr


def test_network_is_closed() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="only the loopback is open"):
        outside.connect(("192.0.2.1", 80))


def test_truncating_tests_are_refused(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text("utf-8"))
    pytester.makepyfile("""
        import pytest
        @pytest.mark.django_db(transaction=True)
        def test_marked(): pass
        def test_fixture(live_server): pass
    """)
    done = pytester.runpytest("-p", "no:randomly")
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*transaction=True truncates tables: use the fixture live_database.*"])
    done.stdout.fnmatch_lines(["*live_server truncates tables: use the fixture live_database.*"])
