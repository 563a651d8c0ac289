"""Filters for templates: `{% load wording %}`. A missing value shows as nothing, never as `None`.

Use these instead of Django's `date` filter: they know the place of the centre and all three languages.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template

from medet.base import clock, iin, phones
from medet.base import wording as words

register = template.Library()


@register.simple_tag
def language_labels() -> dict[str, str]:
    """For the language picker: each language under its own name."""
    return words.LANGUAGE_LABELS


@register.filter
def day(value: date | None, style: words.Style = "long") -> str:
    """`{{ case.opened_at|day }}`, `{{ person.birth_date|day:"short" }}`."""
    return words.day(value, style) if value else ""


@register.filter
def day_and_month(value: date | None) -> str:
    """`{{ shift.day|day_and_month }}`."""
    return words.day_and_month(value) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """`{{ call.at|clock_time }}`."""
    return words.time(value) if value else ""


@register.filter
def moment(value: datetime | None, style: words.Style = "short") -> str:
    """`{{ conclusion.signed_at|moment }}`."""
    return words.moment(value, style) if value else ""


@register.filter
def near(value: datetime | None) -> str:
    """`{{ entry.at|near }}`: time only today, the day before that."""
    return words.near(value, now=clock.now()) if value else ""


@register.filter
def due(value: datetime | None) -> str:
    """`{{ task.due_at|due }}`: time left, or how long overdue."""
    return words.due(value, now=clock.now()) if value else ""


@register.filter
def ago(value: datetime | None) -> str:
    """`{{ reading.taken_at|ago }}`."""
    return words.relative(value, now=clock.now()) if value else ""


@register.filter
def is_overdue(value: datetime | None) -> bool:
    """`{% if task.due_at|is_overdue %}`."""
    return value is not None and value < clock.now()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """`{{ wait|duration }}`; a bare number is seconds."""
    return "" if value is None else words.duration(_length(value))


@register.filter
def timer(value: timedelta | float | None) -> str:
    """`{{ call.talked_s|timer }}`: `3:07`."""
    return "" if value is None else words.timer(_length(value))


@register.filter
def number(value: Decimal | float | int | None, digits: int | None = None) -> str:
    """`{{ total|number }}`, `{{ temperature|number:1 }}`."""
    return "" if value is None else words.number(value, digits)


@register.filter
def age(birth_date: date | None) -> str:
    """`{{ person.birth_date|age }}`: age today."""
    return words.age(birth_date, on=clock.local_day(clock.now())) if birth_date else ""


@register.filter
def phone(e164: str | None) -> str:
    """`{{ phone.number|phone }}`."""
    return phones.display(e164) if e164 else ""


@register.filter
def phone_masked(e164: str | None) -> str:
    """For lists."""
    return phones.masked(e164) if e164 else ""


@register.filter
def iin_masked(digits: str | None) -> str:
    """For lists; showing all digits is a read that the audit keeps."""
    return iin.masked(digits) if digits else ""


def _length(value: timedelta | float) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
