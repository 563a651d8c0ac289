"""Bands and deadlines as every desk says them (dates and ages: medet.base.wording). Pure: `now` is an argument."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy

from medet.base import clock
from medet.web.parts.shapes import DueView, Pill, Tone

MOST_COUNTED = 1000  # of a list; whoever has more to do than this does not ask how many
# A deadline this near is amber.
SOON = timedelta(minutes=30)
BANDS: dict[str, tuple[Tone, str, object]] = {
    "red": ("red", "alert-triangle", pgettext_lazy("risk", "High")),
    "amber": ("amber", "clock", pgettext_lazy("risk", "Medium")),
    "green": ("green", "circle-check", pgettext_lazy("risk", "Low")),
}


def counted(number: int) -> int | str:
    """A number of a list as its head says it."""
    return number if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def band_pill(band: str) -> Pill:
    """The band of an alert or a task as icon, word and colour."""
    tone, icon, word = BANDS.get(band, ("grey", "circle", pgettext_lazy("risk", "Not assessed")))
    return Pill(tone, icon, str(word))


def due_view(due_at: datetime, *, now: datetime) -> DueView:
    """Overdue is red, near is amber, later today says the hour, another day says the date."""
    left = due_at - now
    epoch = int(due_at.timestamp())
    at = timezone.localtime(due_at).strftime("%d.%m.%Y %H:%M")
    if left < timedelta():
        return DueView(epoch, overdue_words(int(-left.total_seconds() // 60)), "red", at)
    if left <= SOON:
        return DueView(epoch, gettext("in {n} min").format(n=int(left.total_seconds() // 60)), "amber", at)
    return DueView(epoch, _by(due_at, now), "grey", at)


def day_of(first: date, last: date, *, now: datetime) -> str:
    """`day 6 of 14` of an observation."""
    said = {"day": (clock.local_day(now) - first).days + 1, "length": (last - first).days + 1}
    return gettext("day %(day)d of %(length)d") % said


def overdue_words(minutes: int) -> str:
    """`overdue 35 min`, `overdue 2 h`, `overdue 3 d`: `tick.js` says the same with the same words."""
    if minutes < 120:
        return gettext("overdue {n} min").format(n=minutes)
    if minutes < 48 * 60:
        return gettext("overdue {n} h").format(n=minutes // 60)
    return gettext("overdue {n} d").format(n=minutes // (24 * 60))


def _by(due_at: datetime, now: datetime) -> str:
    local, today = timezone.localtime(due_at), timezone.localtime(now)
    same_day = local.date() == today.date()
    return gettext("by {time}").format(time=local.strftime("%H:%M" if same_day else "%d.%m %H:%M"))
