"""Logs name nobody."""

import logging
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from medet.base.logs import WithoutValues

NUMBER = "+77011234567"


@pytest.fixture
def said():
    """A logger as every process has it, and what it wrote."""
    lines = []
    handler = logging.Handler()
    handler.setFormatter(WithoutValues())
    handler.emit = lambda record: lines.append(handler.format(record))
    log = logging.getLogger(f"medet.test.{uuid4()}")
    log.addHandler(handler)
    log.propagate = False
    return log, lines


def twice():
    with connection.cursor() as cursor:
        cursor.execute("create temp table once (number text primary key)")
        cursor.execute("insert into once values (%(it)s), (%(it)s)", {"it": NUMBER})


def no_number():
    with connection.cursor() as cursor:
        cursor.execute("select (%(it)s || 'x')::int", {"it": NUMBER})


def no_day():
    with connection.cursor() as cursor:
        cursor.execute("select 1 where %(it)s::date is null", {"it": NUMBER})


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [twice, no_number, no_day])
def test_what_the_database_says_of_a_row_is_left_out(said, fault):
    log, lines = said
    try:
        with transaction.atomic():
            fault()
    except DatabaseError as error:
        told = str(error)
        log.exception("a row was passed over")
    assert NUMBER in told
    assert NUMBER not in lines[0]
    assert "Traceback" in lines[0]
    assert "psycopg.errors." in lines[0]
    assert "test_logs.py" in lines[0]


def test_our_own_faults_are_told_in_full(said):
    log, lines = said
    try:
        raise KeyError("breath")
    except KeyError:
        log.exception("a fault of ours")
    assert "KeyError: 'breath'" in lines[0]
