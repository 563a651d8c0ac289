"""The line as the phone process and the pages read it."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Max

from medet.base.secret import decrypt
from medet.contacts.line.models import OwnPrompt, Trunk

# What a row of the table decides; the rest (how often to register, to ping) stays with the environment.
OF_ROW = ("address", "user", "register", "caller_id", "max_channels", "attempts_per_s")


def by_environment() -> bool:
    """A trunk named in the environment (the demo's, a test's, an older installation's) goes before the row."""
    return bool(settings.TELEPHONY["trunk"]["address"])


def trunk_row() -> Trunk | None:
    """The trunk that was set on the page."""
    return Trunk.objects.first()


def trunk_values() -> dict[str, Any] | None:
    """What an engine's Trunk is made of, password included: for the phone process only."""
    values: dict[str, Any] = dict(settings.TELEPHONY["trunk"])
    if by_environment():
        return values
    row = trunk_row()
    if row is None:
        return None
    password = decrypt(row.password_cipher) if row.password_cipher else ""
    more = {name: getattr(row, name) for name in OF_ROW}
    return values | more | {"password": password, "allowed_prefixes": tuple(row.allowed_prefixes)}


def prefixes() -> tuple[str, ...]:
    """Which numbers may be rung; none without a trunk."""
    row = trunk_row()
    if by_environment():
        return tuple(settings.TELEPHONY["trunk"]["allowed_prefixes"])
    return tuple(row.allowed_prefixes) if row else ()


class LineLimits(NamedTuple):
    """What the telephone company lets through at once and in a second."""

    channels: int
    per_second: float


def line_limits() -> LineLimits | None:
    """Of the trunk the phone process rings by; None without one."""
    if by_environment():
        trunk = settings.TELEPHONY["trunk"]
        return LineLimits(trunk["max_channels"], trunk["attempts_per_s"])
    row = trunk_row()
    return LineLimits(row.max_channels, row.attempts_per_s) if row else None


def own_prompts() -> dict[tuple[str, str], bytes]:
    """(language, key) -> WAV."""
    rows = OwnPrompt.objects.values_list("language", "key", "wav")
    return {(language, key): bytes(wav) for language, key, wav in rows}


def prompts_mark() -> tuple[int, datetime | None]:
    """Another mark means that recordings have changed."""
    found = OwnPrompt.objects.aggregate(n=Count("pk"), last=Max("put_at"))
    return found["n"], found["last"]
