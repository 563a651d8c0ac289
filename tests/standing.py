"""The city that a thousand tests begin with, made once: it stands in an open transaction, and each test is a savepoint.

Whoever does not ask for it finds an empty database: the city is taken away before such a test, and before anything
leaves for another database.
"""

from copy import deepcopy
from typing import Any

from django.db import connection, transaction

from medet.base.actor import WORKER
from medet.base.scope import scope


class Standing:
    """One city at most, in the connection of this thread."""

    def __init__(self) -> None:
        self._city: Any = None
        self._held: transaction.Atomic | None = None

    def raise_city(self) -> None:
        """Before a test's own transaction begins, so that the test's end does not take it away."""
        if self._held is None or not connection.in_atomic_block:
            # Imported late: models cannot be loaded before Django is set up.
            from tests import make

            self._held = transaction.atomic()
            self._held.__enter__()
            with scope(WORKER):
                self._city = make.city()

    def city(self) -> Any:
        """A copy: a test hires people and renames them."""
        return deepcopy(self._city)

    def take_away(self) -> None:
        """The transaction ends, and nothing was."""
        held, self._held = self._held, None
        if held is not None and connection.in_atomic_block:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)


standing = Standing()
