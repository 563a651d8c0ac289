"""The demo's own clock: the wall clock and an offset, so that a demo at night has calling hours. It never goes back."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

# Calls may be made from 09:00 to 20:00 (call.hours): a demo that starts has at least two hours before it.
OPENS, CLOSES = time(9, 5), time(18)
FILE = "demo-clock.json"


def offset(wall: datetime, least: timedelta, zone: ZoneInfo) -> timedelta:
    """The smallest offset, not below `least`, under which it is between OPENS and CLOSES."""
    shown = (wall + least).astimezone(zone)
    if OPENS <= shown.time() < CLOSES:
        return least
    day = shown.date() if shown.time() < OPENS else shown.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, zone) - wall


def kept_offset(data: Path, zone: ZoneInfo, wall: datetime | None = None) -> timedelta:
    """The offset of this start, kept for the next; the clock of the last start is never shown again."""
    path, wall = data / FILE, wall or datetime.now(UTC)
    least = timedelta()
    if path.exists():
        kept = json.loads(path.read_text("utf-8"))
        # The second holds when the wall clock itself was set back meanwhile.
        least = max(timedelta(seconds=kept["offset"]), datetime.fromisoformat(kept["shown"]) - wall)
    found = offset(wall, least, zone)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"offset": found.total_seconds(), "shown": (wall + found).isoformat()}), "utf-8")
    fresh.replace(path)
    return found
