"""What each preset comes to before anybody saves it: lines, calls, hours, and when the round would end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medet.base import wording
from medet.base.clock import LOCAL, local_day
from medet.contacts.campaigns.presets import law, settings_of
from medet.contacts.campaigns.rules import Effect, effect_of, round_end, round_length
from medet.contacts.line.queries import LineLimits, line_limits
from medet.contacts.states import Preset


@dataclass(frozen=True)
class Shown:
    """A preset as a choice: its name, what it comes to, and whether it is in force."""

    code: str
    label: str
    lines: Sequence[str]
    end: str
    current: bool = False


def effects(*, people: int, call: timedelta | None, now: datetime, current: str = "") -> list[Shown]:
    """All three, for so many people still to be rung, on the trunk as it is now."""
    limits = line_limits()
    return [_shown(preset, limits, people=people, call=call, now=now, current=current) for preset in Preset]


def _shown(
    preset: Preset, limits: LineLimits | None, *, people: int, call: timedelta | None, now: datetime, current: str
) -> Shown:
    chosen = settings_of(preset, now=now)
    effect = effect_of(chosen, law=law(now), channels=limits.channels if limits else 0)
    share = _("%(n)d %% of the lines at once") % {"n": chosen.lines_percent}
    if limits:
        share = _("%(lines)d of %(all)d lines at once") % {"lines": effect.lines, "all": limits.channels}
    return Shown(
        code=preset.value,
        label=str(preset.label),
        lines=[share, *_words(effect)],
        end=_end(effect, limits, people=people, call=call, now=now),
        current=preset.value == current,
    )


def _words(effect: Effect) -> list[str]:
    hours = f"{effect.hours_start:%H:%M}–{effect.hours_end:%H:%M}"
    tries = ngettext("at most %(n)d call to one person", "at most %(n)d calls to one person", effect.tries)
    return [
        tries % {"n": effect.tries},
        _("at least %(time)s between them") % {"time": wording.duration(timedelta(minutes=effect.gap_minutes))},
        _("in different parts of the day") if effect.spread else _("as soon as it is allowed"),
        hours,
    ]


def _end(effect: Effect, limits: LineLimits | None, *, people: int, call: timedelta | None, now: datetime) -> str:
    """When everybody would have been rung once, by the measured length of a call and the pace of the trunk."""
    if limits is None:
        return _("No telephone trunk is set, so the end is not known.")
    if call is None:
        return _("No call was measured in the last week, so the end is not known.")
    if not people:
        return _("Nobody is left to be rung.")
    length = round_length(people=people, lines=effect.lines, call=call, per_second=limits.per_second)
    opens, closes = (datetime.combine(local_day(now), at, LOCAL) for at in (effect.hours_start, effect.hours_end))
    end = round_end(length, now=now, opens=opens, closes=closes)
    if end is None:
        return _("The round would not end within today's hours.")
    return _("Everybody would be rung once by %(time)s.") % {"time": wording.time(end)}


def measured_words(call: timedelta | None) -> str:
    """The length of a call as it was measured."""
    if call is None:
        return ""
    return _("A call holds a line for %(n)d s on average (last 7 days).") % {"n": round(call.total_seconds())}
