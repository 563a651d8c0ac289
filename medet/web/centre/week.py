"""The rota of a week as the page shows it: one row a person, a cell a day, what is short in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medet.base import names, wording
from medet.base.clock import LOCAL, local_day
from medet.staff.models import Duty, User
from medet.staff.rota.coverage import Gap, OnDuty
from medet.staff.rota.rules import moment
from medet.staff.rota.states import How
from medet.staff.states import Role
from medet.web.parts.shapes import Pill, Tone

HOURS = 24
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Bar:
    """A piece of a duty within one day, in hours on the wall."""

    x: str
    width: str


@dataclass(frozen=True)
class Chip:
    """A duty in the cell of the day it begins."""

    url: str
    words: str
    label: str
    languages: str = ""
    current: bool = False
    asked: bool = False


@dataclass
class Cell:
    """One person on one day."""

    url: str
    label: str
    chips: list[Chip] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One person: seven cells and the hours of the week."""

    name: str
    total: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Day:
    """The head of a column, and what is short on it."""

    iso: str
    words: str
    long: str
    today: bool
    short: Sequence[str] = ()


@dataclass(frozen=True)
class Missing:
    """A gap as a line of the strip; `url` plans into it."""

    pill: Pill
    words: str
    url: str


def days_of(monday: date) -> list[date]:
    """The seven days from Monday on."""
    return [monday + timedelta(days=step) for step in range(7)]


def edges(monday: date) -> tuple[datetime, datetime]:
    """When the week begins and ends where the centre works."""
    return moment(monday, time(), LOCAL), moment(monday + timedelta(days=7), time(), LOCAL)


def bars(duty: Duty, day: date) -> list[Bar]:
    """The piece of a duty that lies in a day, by the clock on the wall; none when it lies elsewhere."""
    starts, ends = duty.starts_at.astimezone(LOCAL), duty.ends_at.astimezone(LOCAL)
    left = _hours(starts) if starts.date() == day else 0.0 if starts.date() < day else float(HOURS)
    right = _hours(ends) if ends.date() == day else 0.0 if ends.date() < day else float(HOURS)
    return [Bar(f"{left:g}", f"{right - left:g}")] if right > left else []


def _hours(at: datetime) -> float:
    return at.hour + at.minute / 60


def hours_words(duty: Duty) -> str:
    """`20:00–08:00`."""
    return f"{wording.time(duty.starts_at)}–{wording.time(duty.ends_at)}"


def duty_words(duty: Duty) -> str:
    """`24 November, 20:00–08:00`."""
    return f"{wording.day_and_month(duty.starts_at)}, {hours_words(duty)}"


def spoken_words(codes: Iterable[str]) -> str:
    """`қаз, рус`: the languages of a duty as short as they are known."""
    short = {"kk": _("kaz"), "ru": _("rus"), "en": _("eng")}
    return ", ".join(short.get(code, code) for code in codes)


def short_name(user: User) -> str:
    """Family name and initial."""
    return names.initials(user.family_name, user.given_name)


def total_words(duties: Iterable[Duty]) -> str:
    """The planned hours of a week."""
    length = sum((duty.ends_at - duty.starts_at for duty in duties), timedelta())
    hours = round(length.total_seconds() / 3600)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def gap_words(gap: Gap) -> str:
    """`Doctor of the centre: 1 missing, Kazakh`."""
    words = ngettext("%(role)s: %(n)d missing", "%(role)s: %(n)d missing", gap.missing)
    words %= {"role": Role(gap.role).label, "n": gap.missing}
    return f"{words} ({wording.LANGUAGE_LABELS[gap.language]})" if gap.language else words


def gap_hours(gap: Gap, *, now: datetime) -> str:
    """From when to when; the day of the end is said when it is another one."""
    ends = wording.time(gap.ends_at)
    if local_day(gap.ends_at - timedelta(seconds=1)) != local_day(gap.starts_at):
        ends = wording.near(gap.ends_at, now=now)
    if gap.starts_at <= now:
        return _("now, until %(time)s") % {"time": ends}
    return f"{wording.near(gap.starts_at, now=now)} – {ends}"


def gap_pill(gap: Gap, *, now: datetime) -> Pill:
    """Within a day it is urgent."""
    soon = gap.starts_at < now + SOON
    tone: Tone = "red" if soon else "amber"
    return Pill(tone, "alert-triangle" if soon else "clock-exclamation", gap_words(gap))


def short_on(day: date, gaps: Iterable[Gap]) -> list[str]:
    """The gaps that touch a day, as short as a column is narrow."""
    first, last = moment(day, time(), LOCAL), moment(day + timedelta(days=1), time(), LOCAL)
    found = []
    for gap in gaps:
        if gap.starts_at < last and gap.ends_at > first:
            starts, ends = max(gap.starts_at, first), min(gap.ends_at, last)
            until = "24:00" if ends == last else wording.time(ends)
            spoken = f" ({spoken_words([gap.language])})" if gap.language else ""
            found.append(f"−{gap.missing}{spoken} {wording.time(starts)}–{until}")
    return found


def on_duty_words(found: OnDuty, *, now: datetime) -> str:
    """`Сапаров С.: on duty, shift started, until 20:00`."""
    how = str(How(found.how).label)
    if found.user is None:
        return how
    if found.how == How.NEXT and found.starts_at:
        how = f"{how}, {wording.near(found.starts_at, now=now)}"
    elif found.ends_at:
        how = f"{how}, {_('until %(time)s') % {'time': wording.near(found.ends_at, now=now)}}"
    return f"{short_name(found.user)}: {how}"


def on_duty_tone(found: OnDuty) -> Tone:
    """Green is there, amber may be asked, red is nobody."""
    tones: dict[How, Tone] = {How.AT_WORK: "green", How.ON_SHIFT: "green", How.NOBODY: "red"}
    return tones.get(found.how, "amber")
