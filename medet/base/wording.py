"""Dates, times, ages and numbers in words of kk, ru and en; patterns are CLDR's, by Babel.

Browsers are never asked to do this: Chromium's `Intl` claims Kazakh and gives `2026 M11 22`. Pages that show
relative times are refreshed from the server. Spaces inside a date or number are U+00A0, so that no line breaks there.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils.translation import get_language, gettext, npgettext

from medet.base import clock

# How each language calls itself: the labels of the language picker, which are the same in every language.
LANGUAGE_LABELS = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
DEFAULT_LANGUAGE = "ru"

# en_150 is English as written outside America: day before month, 24 hours.
_DATES = {"kk": "kk", "ru": "ru", "en": "en_150"}
_HOURS_IN_MINUTES = 12  # up to half a day a deadline is told to the minute
_NBSP = "\u00a0"

Style = Literal["short", "medium", "long", "full"]
Unit = Literal["day", "hour", "minute"]


def language() -> str:
    """The active language as one of ours."""
    code = (get_language() or DEFAULT_LANGUAGE)[:2]
    return code if code in LANGUAGE_LABELS else DEFAULT_LANGUAGE


def day(value: date, style: Style = "long") -> str:
    """`2026 ж. 22 қараша`; short: `22.11.26`. A moment is shown as the day it was where the centre works."""
    if language() == "en" and style == "short":
        style = "medium"  # 03/04/2026 is read in two ways; 3 Apr 2026 is not
    return _unbroken(format_date(_local_day(value), style, _dates()))


def day_and_month(value: date) -> str:
    """`22 қараша`: within the current year the year says nothing."""
    midnight = datetime.combine(_local_day(value), datetime.min.time())
    return _unbroken(format_skeleton("MMMMd", midnight, None, True, _dates()))


def weekday(value: date, *, short: bool = False) -> str:
    """`Monday`, `дүйсенбі`; short: `Mon`, `дс`."""
    return str(format_date(_local_day(value), "EEE" if short else "EEEE", _dates()))


def time(value: datetime) -> str:
    """`16:05` where the centre works."""
    return value.astimezone(clock.LOCAL).strftime("%H:%M")


def moment(value: datetime, style: Style = "short") -> str:
    """Day and time: `22.11.26, 16:05`."""
    return f"{day(value, style)}, {time(value)}"


def near(value: datetime, *, now: datetime) -> str:
    """The shortest clear form in a timeline: time today, then yesterday, then the day."""
    days = (clock.local_day(now) - clock.local_day(value)).days
    if days == 0:
        return time(value)
    if days in {1, -1}:
        words = gettext("yesterday, %(time)s") if days == 1 else gettext("tomorrow, %(time)s")
        return words % {"time": time(value)}
    same_year = clock.local_day(now).year == clock.local_day(value).year
    return f"{day_and_month(value) if same_year else day(value)}, {time(value)}"


def duration(length: timedelta) -> str:
    """`35 мин`, `2 ч 15 мин`, `3 дн.`; seconds only below a minute."""
    seconds = abs(int(length.total_seconds()))
    if seconds < 60:
        return _unit(seconds, "second")
    return _NBSP.join(_unit(count, unit) for count, unit in _parts(seconds))


def timer(length: timedelta) -> str:
    """How long somebody talked: `3:07`, `1:02:07`."""
    minutes, seconds = divmod(abs(int(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def relative(value: datetime, *, now: datetime) -> str:
    """`через 8 мин`, `8 минуттан кейін`, `in 8 min`; and back: `8 мин назад`, `8 минут бұрын`, `8 min ago`."""
    seconds = (value - now).total_seconds()
    if abs(seconds) < 60:
        return gettext("now")
    *larger, (count, unit) = _parts(abs(int(seconds)))
    words = _directed(count if seconds > 0 else -count, unit)
    last = _unit(count, unit)
    return words.replace(last, " ".join([*(_unit(*part) for part in larger), last]))


def due(value: datetime, *, now: datetime) -> str:
    """Time left to a deadline, or by how much it is missed."""
    if now - value < timedelta(minutes=1):
        return relative(value, now=now)
    return gettext("overdue by %(time)s") % {"time": duration(now - value).replace(_NBSP, " ")}


def number(value: Decimal | float | int, digits: int | None = None) -> str:
    """`12 345,6`; with `digits` exactly so many after the comma."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return _unbroken(format_decimal(value, format=pattern, locale=_dates()))


def age(birth_date: date, *, on: date) -> str:
    """Years; months below two years and days below one month, as children's doctors count."""
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month - (on.day < birth_date.day)
    days = max((on - birth_date).days, 0)
    if months >= 24:
        words, count = npgettext("age", "%(count)d year", "%(count)d years", months // 12), months // 12
    elif months >= 1:
        words, count = npgettext("age", "%(count)d month", "%(count)d months", months), months
    else:
        words, count = npgettext("age", "%(count)d day", "%(count)d days", days), days
    return words % {"count": count}


def years(birth_date: date, *, on: date) -> int:
    """Completed years: what rules and age groups count with."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def _dates() -> str:
    return _DATES[language()]


def _local_day(value: date) -> date:
    return clock.local_day(value) if isinstance(value, datetime) else value


def _unbroken(text: str) -> str:
    """CLDR mixes U+202F into dates; many fonts of documents lack it."""
    return text.replace("\u202f", _NBSP).replace(" ", _NBSP)


def _parts(seconds: int) -> list[tuple[int, Unit]]:
    """Whole units, rounded down: a deadline never looks further away than it is."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days >= 2:
        return [(days, "day")]
    if hours >= _HOURS_IN_MINUTES or (hours and minutes % 60 == 0):
        return [(hours, "hour")]
    return [(hours, "hour"), (minutes % 60, "minute")] if hours else [(minutes, "minute")]


def _unit(count: int, unit: Unit | Literal["second"]) -> str:
    return format_unit(count, f"duration-{unit}", "short", locale=language())


def _directed(count: int, unit: Unit) -> str:
    """CLDR's words with a direction; Kazakh needs the whole word, because the case ending sits on it."""
    style: Literal["long", "short"] = "long" if unit == "day" or language() == "kk" else "short"
    length = timedelta(**{f"{unit}s": count})
    words = format_timedelta(length, unit, 10**9, True, style, language())
    return words.replace(".", "")
