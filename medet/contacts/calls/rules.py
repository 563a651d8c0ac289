"""Pure decisions about retries (findings: dialler domain rules)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# The robot has said that a person will ring, or there is nobody to ring.
GIVEN_TO_A_PERSON = frozenset({"wrong_number", "not_understood"})
# Nobody talked: another time of the day may be a better one.
SPREAD = frozenset({"no_answer", "busy", "unknown"})
FINAL = frozenset({"invalid_number", "rejected", "not_allowed", "redirected", "no_prompt", "same_year"})
# Why a person takes over after too many calls alike; else nobody was reached.
_VAIN = {"answered": "not_finished", "not_the_patient": "not_the_patient"}


@dataclass(frozen=True)
class Retry:
    """When to ring again, or why not."""

    at: datetime | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How a person is rung again within one day."""

    cap: int
    minutes: Mapping[str, int]  # the wait after each outcome; `answered`: a call that was taken but not finished
    times: Mapping[str, int]  # how often an outcome may be followed by another call; without one, as the cap allows
    slots: Sequence[datetime]  # when morning, noon and evening begin on this day; none: calls are not spread
    window_end: datetime


def retry_after(
    *, outcome: str, contact_outcome: str, attempts: int, same: int, limits: Limits, now: datetime
) -> Retry:
    """Whether a person is rung again within the window; if not, a human takes over for `reason`.

    `attempts`: those of the day so far; `same`: those of them that came out like this one.
    """
    if outcome in FINAL:
        return Retry(None, outcome)
    if contact_outcome in GIVEN_TO_A_PERSON:
        return Retry(None, contact_outcome)
    if same > limits.times.get(came_out(outcome, contact_outcome), same):
        return Retry(None, _VAIN.get(came_out(outcome, contact_outcome), "not_reached"))
    if attempts >= limits.cap:
        return Retry(None, "not_reached")
    at = now + timedelta(minutes=limits.minutes[outcome])
    if outcome in SPREAD:
        at = max(at, _next_slot(limits, left=limits.cap - attempts, now=now))
    return Retry(at) if at < limits.window_end else Retry(None, "not_reached")


def came_out(outcome: str, contact_outcome: str) -> str:
    """By which word calls are counted as alike: somebody else at the telephone is no half-finished conversation, and
    a housemate who spoke for themselves says nothing about the person at all."""
    return contact_outcome if contact_outcome in ("not_the_patient", "not_asked") else outcome


def _next_slot(limits: Limits, *, left: int, now: datetime) -> datetime:
    """Each later part of the day keeps one call: who does not answer in the morning may do so in the evening."""
    later = [slot for slot in limits.slots if now < slot < limits.window_end]
    return later[0] if later and left <= len(later) else now
