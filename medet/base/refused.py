"""The one way to say no: a code, values for its sentence, and the sentence in the user's language.

Rules and actions raise `Refused`; each face turns it into its own answer (a page message, an HTTP status).
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger("medet.refused")

UNKNOWN = _("This cannot be done (%(code)s).")
SENTENCES: dict[str, "StrOrPromise"] = {
    "move.not_allowed": _("“%(source)s” cannot become “%(target)s”."),
    "move.not_yours": _("Your role may not change “%(source)s” to “%(target)s”."),
    "policy.missing": _("No value of the limit “%(limit)s” is in force on %(day)s."),
    "policy.overlap": _("The limit “%(limit)s” already has a value from %(day)s or later."),
    "policy.changed_meanwhile": _("The value was changed meanwhile: look at it again."),
    "policy.own_confirmation": _("A limit is confirmed by another person than the one who set it."),
}


def register(sentences: "Mapping[str, StrOrPromise]") -> None:
    """Adds a room's sentences; one code has one sentence."""
    for code, sentence in sentences.items():
        if SENTENCES.get(code, sentence) != sentence:
            raise ValueError(f"the refusal {code} already has another sentence")
        SENTENCES[code] = sentence


class _Gaps(dict[str, object]):
    """A value that was not given shows as a dash: a refusal must never crash on its way to the user."""

    def __missing__(self, key: str) -> str:
        return "—"


class Refused(Exception):
    """Something asked for is not done, with a reason a person can read."""

    def __init__(self, code: str, /, **values: object) -> None:
        # Only the code goes to Exception.args: tracebacks end in log files, and values may name a patient.
        super().__init__(code)
        self.code = code
        self.values = values

    def sentence(self) -> str:
        """The reason in the language that is active now."""
        return str(SENTENCES.get(self.code, UNKNOWN)) % _Gaps({"code": self.code} | self.values)

    def loggable(self) -> dict[str, object]:
        """Numbers and uids only: words may hold a patient's data."""
        return {key: value for key, value in self.values.items() if isinstance(value, int | float | UUID)}

    def report(self) -> str:
        """What a face calls once: notes the refusal in the log and gives the sentence.

        Not done on creation, because rules also raise to find out whether a button is shown.
        """
        log.info("refused %s %s", self.code, self.loggable())
        return self.sentence()
