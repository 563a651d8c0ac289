"""One story for each of many rows: a row that fails is logged and passed over, so it never holds up the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction

log = logging.getLogger("medet.flows")
Row = TypeVar("Row")


def each(rows: Iterable[Row], story: Callable[[Row], None]) -> int:
    """Runs the story under a savepoint a row; how many succeeded. A database that is away is not the row's fault."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                story(row)
            done += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("a row was passed over")
    return done
