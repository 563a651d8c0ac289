"""The demo's own clock: the same as the wall clock, but always within calling hours, and never going back."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OPENS, CLOSES, MORNING = time(9), time(19), time(10)
FILE = "demo-clock.json"


def offset(wall: datetime, last: timedelta, zone: ZoneInfo) -> timedelta:
    """How far ahead of the wall clock the demo runs; `last` is what it was before, so that no day comes twice."""
    shown = (wall + last).astimezone(zone)
    if OPENS <= shown.time() < CLOSES:
        return last
    day = shown.date() if shown.time() < OPENS else shown.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone) - wall


def kept_offset(data: Path, zone: ZoneInfo) -> timedelta:
    """The offset of this start, kept for the next."""
    path = data / FILE
    last = timedelta(seconds=json.loads(path.read_text())) if path.exists() else timedelta()
    now = offset(datetime.now(UTC), last, zone)
    path.write_text(json.dumps(now.total_seconds()))
    return now
