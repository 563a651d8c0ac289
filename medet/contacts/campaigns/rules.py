"""Pure decisions about campaigns: what a preset comes to within the law, and when a round would end."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How hard a campaign rings, as its preset says; nothing here can loosen the law."""

    lines_percent: int
    tries: int
    gap_minutes: int
    spread: bool
    priority: int
    hours_start: time | None = None
    hours_end: time | None = None


@dataclass(frozen=True, kw_only=True)
class Law:
    """The limits in force, whatever a preset says."""

    tries: int
    gap_minutes: int
    hours_start: time
    hours_end: time


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a preset really comes to, on this trunk and within the law."""

    lines: int
    tries: int
    gap_minutes: int
    spread: bool
    hours_start: time
    hours_end: time


def settings_from(preset: Mapping[str, Any]) -> Settings:
    """A preset as the policy parameter spells it."""
    start, end = preset.get("start"), preset.get("end")
    return Settings(
        lines_percent=int(preset["lines_percent"]),
        tries=int(preset["tries"]),
        gap_minutes=int(preset["gap_minutes"]),
        spread=bool(preset["spread"]),
        priority=int(preset["priority"]),
        hours_start=time.fromisoformat(start) if start else None,
        hours_end=time.fromisoformat(end) if end else None,
    )


def effect_of(settings: Settings, *, law: Law, channels: int) -> Effect:
    """The stricter of the two, limit by limit."""
    return Effect(
        lines=lines_of(channels, settings.lines_percent),
        tries=min(settings.tries, law.tries),
        gap_minutes=max(settings.gap_minutes, law.gap_minutes),
        spread=settings.spread,
        hours_start=max(settings.hours_start or law.hours_start, law.hours_start),
        hours_end=min(settings.hours_end or law.hours_end, law.hours_end),
    )


def lines_of(channels: int, percent: int) -> int:
    """Whole lines; the claim's SQL reckons the same."""
    return max(1, channels * percent // 100)


def round_length(*, people: int, lines: int, call: timedelta, per_second: float) -> timedelta:
    """How long it takes to ring everybody once: as long as the lines are busy, or as the trunk's pace allows."""
    waves = math.ceil(people / lines) if people else 0
    return max(waves * call, timedelta(seconds=people / per_second))


def round_end(length: timedelta, *, now: datetime, opens: datetime, closes: datetime) -> datetime | None:
    """When the round would be over today; None when the hours end first, or are over."""
    end = max(now, opens) + length
    return end if end <= closes else None
