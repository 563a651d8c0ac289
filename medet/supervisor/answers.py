"""Asks a port who is there: our cluster, one that is not ready yet, or somebody else."""

from enum import Enum, auto
from pathlib import Path

import psycopg

NOT_YET = "57P03"  # cannot_connect_now: starting up or shutting down
WRONG_PASSWORD = ("28P01", "28000")


class Answer(Enum):
    """What a connection attempt told us."""

    OURS = auto()
    NOT_YET = auto()
    WRONG_PASSWORD = auto()
    NOBODY = auto()


def ask(url: str, pgdata: Path) -> Answer:
    """Connect as the superuser and ask for the data directory; a stranger on the port knows neither."""
    try:
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
            row = connection.execute("select current_setting('data_directory')").fetchone()
            return Answer.OURS if row and Path(str(row[0])).resolve() == pgdata.resolve() else Answer.NOBODY
    except psycopg.OperationalError as refusal:
        return read_refusal(refusal)


def read_refusal(refusal: psycopg.OperationalError) -> Answer:
    """psycopg gives the SQLSTATE of a refused connection only within the text of some versions."""
    code, text = refusal.sqlstate or "", str(refusal)
    if code == NOT_YET or "the database system is" in text or "not yet accepting connections" in text:
        return Answer.NOT_YET
    if code in WRONG_PASSWORD or "authentication failed" in text:
        return Answer.WRONG_PASSWORD
    return Answer.NOBODY
