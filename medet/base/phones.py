"""Telephone numbers: whatever people type becomes E.164, which is all that is stored, compared and dialled."""

import re
from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

from medet.base import refused
from medet.base.refused import Refused

HOME_REGION = "KZ"
_SEPARATORS = str.maketrans("", "", " ()-–.\u00a0\u202f\u2011")
_SHAPE = re.compile(r"(?:\+7|8)(7\d{9})", re.ASCII)
_HOME: Any = PhoneMetadata.metadata_for_region(HOME_REGION)
_MOBILE = re.compile(_HOME.mobile.national_number_pattern)

refused.register(
    {
        "phone.empty": _("Enter a telephone number."),
        "phone.digits": _("A telephone number has only digits; other signs were found."),
        "phone.country_code": _(
            "The number is not complete. Enter it with the country or city code, for example +7 701 123 45 67."
        ),
        "phone.length": _("The number has too few or too many digits for its country."),
        "phone.not_in_use": _("There is no such number: its code is not in use."),
        "phone.extension": _("Enter the number without an extension."),
    }
)


def parse(text: str) -> str:
    """E.164 of what was typed: `8 701 123-45-67`, `+7…`, `701 123 45 67`; or `Refused` with one clear sentence."""
    typed = text.strip()
    if not typed:
        raise Refused("phone.empty")
    if not set(typed) <= set("+0123456789 ()-–.\u00a0\u202f\u2011"):
        raise Refused("phone.extension" if any(char.isdigit() for char in typed[:6]) else "phone.digits")
    if mobile := _mobile(typed):
        return mobile
    number = _read(typed)
    if not phonenumbers.is_valid_number(number):
        raise Refused(_why(number, typed))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def display(e164: str) -> str:
    """For eyes: `+7 701 123 45 67`; another country's number in that country's groups."""
    if e164.startswith("+7") and len(e164) == 12:
        return f"+7 {e164[2:5]} {e164[5:8]} {e164[8:10]} {e164[10:]}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:  # a number of a test trunk: shown as it is
        return e164


def masked(e164: str) -> str:
    """For lists and logs: country, operator and the last two digits."""
    shown = display(e164)
    keep = len(shown) - 2
    start = shown.find(" ", shown.find(" ") + 1) if shown.count(" ") > 1 else 2
    return "".join("•" if char.isdigit() and start <= place < keep else char for place, char in enumerate(shown))


def _mobile(typed: str) -> str:
    """The usual number of a list at a glance, by the library's own pattern: reading it in full takes ten times as long.
    A test compares both ways for every code."""
    shaped = _SHAPE.fullmatch(typed.translate(_SEPARATORS))
    return f"+7{shaped[1]}" if shaped and _MOBILE.fullmatch(shaped[1]) else ""


def _read(typed: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(typed, HOME_REGION)
    except NumberParseException as problem:
        if problem.error_type == NumberParseException.INVALID_COUNTRY_CODE or not typed.startswith("+"):
            raise Refused("phone.country_code") from problem
        raise Refused("phone.length") from problem


def _why(number: PhoneNumber, typed: str) -> str:
    """Without a plus sign the likeliest fault is a missing code; with it, a wrong digit or count."""
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.IS_POSSIBLE:
        return "phone.not_in_use"
    return "phone.length" if typed.startswith("+") else "phone.country_code"
