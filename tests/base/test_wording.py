"""Dates, times, ages and numbers in three languages, through Python, Django's own filters and our template tags."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import formats, translation
from hypothesis import given
from hypothesis import strategies as st

from medet.base import clock, wording

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)  # 16:05 in Almaty
LANGUAGES = ("kk", "ru", "en")


def each(call: Any) -> tuple[str, ...]:
    """What the call gives in kk, ru and en; no-break spaces shown as plain ones."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(str(call()).replace("\u00a0", " "))
    return tuple(said)


def test_days():
    assert each(lambda: wording.day(DAY)) == ("2026 ж. 22 қараша", "22 ноября 2026 г.", "22 November 2026")
    assert each(lambda: wording.day(DAY, "short")) == ("22.11.26", "22.11.2026", "22 Nov 2026")
    assert each(lambda: wording.day_and_month(DAY)) == ("22 қараша", "22 ноября", "22 November")


def test_moments_are_told_where_the_centre_works():
    assert each(lambda: wording.moment(MOMENT)) == ("22.11.26, 16:05", "22.11.2026, 16:05", "22 Nov 2026, 16:05")
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert each(lambda: wording.day(late, "short"))[0] == "23.11.26"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, ("қазір", "сейчас", "now")),
        (1, ("1 минуттан кейін", "через 1 мин", "in 1 min")),
        (8, ("8 минуттан кейін", "через 8 мин", "in 8 min")),
        (-8, ("8 минут бұрын", "8 мин назад", "8 min ago")),
        (120, ("2 сағаттан кейін", "через 2 ч", "in 2 hr")),
        (135, ("2 сағ 15 минуттан кейін", "через 2 ч 15 мин", "in 2 hr 15 min")),
        (-135, ("2 сағ 15 минут бұрын", "2 ч 15 мин назад", "2 hr 15 min ago")),
        (13 * 60 + 20, ("13 сағаттан кейін", "через 13 ч", "in 13 hr")),
        (2 * 1440, ("2 күннен кейін", "через 2 дня", "in 2 days")),
        (-5 * 1440, ("5 күн бұрын", "5 дней назад", "5 days ago")),
    ],
)
def test_relative(minutes, said):
    assert each(lambda: wording.relative(MOMENT + timedelta(minutes=minutes), now=MOMENT)) == said


def test_due():
    overdue = MOMENT - timedelta(minutes=35)
    assert each(lambda: wording.due(overdue, now=MOMENT)) == (
        "35 мин кешігуде",
        "просрочено на 35 мин",
        "overdue by 35 min",
    )
    assert each(lambda: wording.due(MOMENT + timedelta(minutes=8), now=MOMENT))[1] == "через 8 мин"
    assert each(lambda: wording.due(MOMENT - timedelta(seconds=30), now=MOMENT))[0] == "қазір"


@given(st.integers(-(10**7), 10**7))
def test_a_deadline_never_looks_further_away_than_it_is(seconds):
    with translation.override("en"):
        said = wording.relative(MOMENT + timedelta(seconds=seconds), now=MOMENT).split()
    units = {"min": 60, "hr": 3600, "day": 86400, "days": 86400}
    numbers = [(int(n), units[u]) for n, u in pairwise(said) if n.isdigit()]
    told = sum(number * unit for number, unit in numbers)
    assert told <= abs(seconds) < max(told * 2, 60) + 60


def test_durations():
    assert each(lambda: wording.duration(timedelta(seconds=40))) == ("40 с", "40 с", "40 sec")
    assert each(lambda: wording.duration(timedelta(minutes=135))) == ("2 сағ 15 мин", "2 ч 15 мин", "2 hr 15 min")
    assert each(lambda: wording.duration(timedelta(days=3))) == ("3 күн", "3 дн.", "3 days")
    assert wording.timer(timedelta(seconds=187)) == "3:07"
    assert wording.timer(timedelta(seconds=3727)) == "1:02:07"


def test_near():
    assert each(lambda: wording.near(MOMENT, now=MOMENT)) == ("16:05",) * 3
    later = MOMENT + timedelta(days=1)
    assert each(lambda: wording.near(MOMENT, now=later)) == ("кеше, 16:05", "вчера, 16:05", "yesterday, 16:05")
    assert each(lambda: wording.near(later, now=MOMENT)) == ("ертең, 16:05", "завтра, 16:05", "tomorrow, 16:05")
    far = MOMENT + timedelta(days=9)
    assert each(lambda: wording.near(MOMENT, now=far)) == ("22 қараша, 16:05", "22 ноября, 16:05", "22 November, 16:05")
    next_year = MOMENT + timedelta(days=90)
    assert each(lambda: wording.near(MOMENT, now=next_year))[0] == "2026 ж. 22 қараша, 16:05"


def test_numbers():
    assert each(lambda: wording.number(Decimal("12345.6"))) == ("12 345,6", "12 345,6", "12,345.6")
    assert each(lambda: wording.number(37, 1)) == ("37,0", "37,0", "37.0")


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(1962, 11, 22), ("64 жас", "64 года", "64 years")),
        (date(1961, 11, 23), ("64 жас", "64 года", "64 years")),
        (date(2005, 1, 1), ("21 жас", "21 год", "21 years")),
        (date(2025, 6, 22), ("17 айлық", "17 месяцев", "17 months")),
        (date(2026, 10, 22), ("1 айлық", "1 месяц", "1 month")),
        (date(2026, 10, 23), ("30 күндік", "30 дней", "30 days")),
        (date(2026, 11, 22), ("0 күндік", "0 дней", "0 days")),
    ],
)
def test_age(born, said):
    assert each(lambda: wording.age(born, on=DAY)) == said


def test_years_around_a_leap_birthday():
    assert wording.years(date(2004, 2, 29), on=date(2026, 2, 28)) == 21
    assert wording.years(date(2004, 2, 29), on=date(2026, 3, 1)) == 22


def test_an_unknown_language_is_told_in_the_default_one():
    with translation.override("de"):
        assert wording.language() == "ru"


def test_djangos_own_filters_have_kazakh_formats():
    def show(template: str) -> str:
        context = Context({"day": DAY, "moment": MOMENT.astimezone(clock.LOCAL), "number": 12345.6})
        return Template(template).render(context)

    assert each(lambda: show("{{ day }}")) == ("2026 ж. 22 қараша", "22 ноября 2026 г.", "22 November 2026")
    assert each(lambda: show("{{ day|date:'SHORT_DATE_FORMAT' }}")) == ("22.11.26", "22.11.2026", "22 Nov 2026")
    assert each(lambda: show("{{ day|date:'YEAR_MONTH_FORMAT' }}"))[0] == "2026 ж. қараша"
    assert each(lambda: show("{{ moment|date:'TIME_FORMAT' }}")) == ("16:05",) * 3
    assert each(lambda: show("{{ number }}")) == ("12345,6", "12345,6", "12345.6")
    assert each(lambda: formats.number_format(12345.6, force_grouping=True))[0] == "12 345,6"


def test_typed_days_are_read():
    for language in LANGUAGES:
        with translation.override(language):
            read = formats.get_format("DATE_INPUT_FORMATS")
            assert datetime.strptime("22.11.2026", read[0]).date() == DAY  # noqa: DTZ007


def test_template_tags():
    def show(template: str, **values: Any) -> Any:
        return lambda: Template("{% load wording %}" + template).render(Context(values))

    assert each(show("{{ d|day:'short' }}", d=DAY))[0] == "22.11.26"
    assert each(show("{{ d|moment }}", d=MOMENT))[0] == "22.11.26, 16:05"
    assert each(show("{{ d|due }}", d=clock.now() - timedelta(minutes=35, seconds=5)))[1] == "просрочено на 35 мин"
    assert each(show("{{ d|ago }}", d=clock.now() - timedelta(minutes=3, seconds=5)))[0] == "3 минут бұрын"
    assert each(show("{{ n|phone }}{{ m|phone_masked }}", n="+77011234567", m=None))[0] == "+7 701 123 45 67"
    assert each(show("{{ n|iin_masked }}", n="900000000009"))[0] == "••••••••0009"
    assert each(show("{{ n|number:1 }} {{ s|timer }} {{ s|duration }}", n=37, s=187))[2] == "37.0 3:07 3 min"
    assert each(show("{% language_labels as them %}{{ them.kk }} {{ them.ru }}"))[2] == "Қазақша Русский"
    for tag in ("day", "day_and_month", "clock_time", "moment", "near", "due", "ago", "duration", "timer", "number"):
        assert each(show(f"{{{{ nothing|{tag} }}}}", nothing=None)) == ("", "", "")
    for tag in ("age", "phone", "phone_masked", "iin_masked"):
        assert each(show(f"{{{{ nothing|{tag} }}}}", nothing=None)) == ("", "", "")
