"""Pure decisions about retries (findings: dialler domain rules)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FINAL = frozenset({"invalid_number", "rejected", "not_allowed", "redirected", "no_prompt"})
MISUNDERSTOOD_LIMIT = 2


@dataclass(frozen=True)
class Retry:
    """When to ring again, or why not."""

    at: datetime | None
    reason: str = ""


def retry_after(
    *,
    outcome: str,
    contact_outcome: str,
    misunderstood: int,
    attempts: int,
    cap: int,
    minutes: Mapping[str, int],
    now: datetime,
    window_end: datetime,
) -> Retry:
    """Whether a person is rung again within the window; if not, a human takes over for `reason`.

    `minutes`: the wait after each outcome; `answered` is for a call that was taken but not finished.
    """
    if outcome in FINAL:
        return Retry(None, outcome)
    if contact_outcome == "wrong_number":
        return Retry(None, contact_outcome)
    if misunderstood >= MISUNDERSTOOD_LIMIT:
        return Retry(None, "not_understood")
    if attempts >= cap:
        return Retry(None, "not_reached")
    at = now + timedelta(minutes=minutes[outcome])
    return Retry(at) if at < window_end else Retry(None, "not_reached")
