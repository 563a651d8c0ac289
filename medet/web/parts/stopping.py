"""The stop of every robot call: one key on every page that has it, which means nothing else on any desk."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from medet.base import wording
from medet.contacts.campaigns.models import RobotStop
from medet.web.parts.shapes import Action

MOVE = "stop_all"
# F8 and F9 are pressed all day on the doctor's desk, and whoever has both desks has them in the fingers: decision 0007.
KEY = "F10"


def stop_action(url: str) -> Action:
    """The button with its key."""
    return Action(MOVE, _("Stop every robot call"), url, "phone-off", "stop", KEY)


def stop_words(stops: Sequence[RobotStop], *, places: int, now: datetime) -> str:
    """Who pressed the key, and when; of which centre, when the reader has several."""
    return " ".join(f"{stop.organisation.name}: {_one(stop, now)}" if places > 1 else _one(stop, now) for stop in stops)


def _one(stop: RobotStop, now: datetime) -> str:
    names = {"name": stop.stopped_by, "time": wording.near(stop.stopped_at, now=now)}
    return _("Stopped by %(name)s, %(time)s.") % names
