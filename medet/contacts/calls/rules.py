"""Pure decisions about retries (findings: dialler domain rules)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# The robot has said that a person will ring, or there is nobody to ring.
GIVEN_TO_A_PERSON = frozenset({"wrong_number", "not_understood"})
FINAL = frozenset({"invalid_number", "rejected", "not_allowed", "redirected", "no_prompt"})


@dataclass(frozen=True)
class Retry:
    """When to ring again, or why not."""

    at: datetime | None
    reason: str = ""


def retry_after(
    *,
    outcome: str,
    contact_outcome: str,
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
    if contact_outcome in GIVEN_TO_A_PERSON:
        return Retry(None, contact_outcome)
    if attempts >= cap:
        return Retry(None, "not_reached")
    at = now + timedelta(minutes=minutes[outcome])
    return Retry(at) if at < window_end else Retry(None, "not_reached")
