"""What is refused before a packet leaves, the same for every driver."""

import re
from collections import OrderedDict
from collections.abc import Sequence

from medet.engines.telephony.refusals import AlreadyDialled, NumberNotAllowed

# ITU-T E.164: a plus and at most 15 digits; the shortest national numbers in use have 7.
_E164 = re.compile(r"\+[1-9]\d{6,14}")
REMEMBERED = 100_000


def check_number(number: str, allowed_prefixes: Sequence[str]) -> None:
    """Toll fraud starts with a number nobody meant to allow."""
    if not _E164.fullmatch(number) or not number.startswith(tuple(allowed_prefixes)):
        raise NumberNotAllowed(number)


class Memory:
    """The keys dialled lately. The store's own claim is the rule; this catches a slip of the caller."""

    def __init__(self, size: int = REMEMBERED) -> None:
        """`size`: how many keys are remembered."""
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._size = size

    def claim(self, key: str) -> None:
        """Remember the key; refuse one already seen."""
        if not key:
            raise ValueError("idempotency_key must not be empty")
        if key in self._seen:
            raise AlreadyDialled(key)
        self._seen[key] = None
        if len(self._seen) > self._size:
            self._seen.popitem(last=False)
