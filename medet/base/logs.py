"""Log lines that name nobody: a database tells the values of a row with its errors, and they may be a patient's."""

import logging
import re
from types import TracebackType

# psycopg's and Django's sentences end in what was given; DETAIL and CONTEXT lines are nothing but values.
TELLS = re.compile(r"^(?P<kind>(?:psycopg|django\.db)[\w.]*): .*", re.DOTALL)
VALUES = ("DETAIL:", "CONTEXT:", "LINE ", "HINT:", "^")
FORMAT = "%(name)s %(levelname)s %(message)s"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """Tracebacks keep their places and kinds, and lose what the database says of the row."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatException(self, ei: ExcInfo) -> str:
        """The traceback, line by line."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(_safe(line) for line in lines if not line.lstrip().startswith(VALUES))


def _safe(line: str) -> str:
    found = TELLS.match(line)
    return found["kind"] if found else line


def config(level: str = "INFO") -> dict[str, object]:
    """For settings.LOGGING: every process writes to standard error, the supervisor keeps it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": "medet.base.logs.WithoutValues"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "medet": {"level": level},
            # Django's own handlers would print the whole traceback with its values beside ours.
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
