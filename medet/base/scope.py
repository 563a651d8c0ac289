"""Whose rows may be seen: each request and each loop step runs inside `scope(actor)`.

The settings live with the transaction (set_config with is_local), so a pooled connection carries nothing over.
Tables with row level security (base/rls.py) show nothing outside a scope.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from medet.base.actor import Actor


@contextmanager
def scope(actor: Actor) -> Iterator[None]:
    """A transaction seen through the actor's organisations; an inner scope gives back the outer one at its end."""
    outer = _read() if connection.in_atomic_block else None
    with transaction.atomic():
        _set(actor.user_setting, actor.organisations_setting)
        yield
        # After an exception there is nothing to do: the rollback of the savepoint takes the settings back too.
        if outer is not None:
            _set(*outer)


def _read() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('medet.user', true), '')")
        user = cursor.fetchone()[0]
        cursor.execute("select coalesce(current_setting('medet.orgs', true), '')")
        return user, cursor.fetchone()[0]


def _set(user: str, organisations: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('medet.user', %s, true), set_config('medet.orgs', %s, true)", [user, organisations]
        )
