"""Shared telephones in words: what the frame of a page says of the one in hand, and the list of a clinic's."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import policy, wording
from medet.base.names import sort_key
from medet.staff.models import DevicePin, SharedDevice, User
from medet.staff.shared.queries import lacks_pin, may_open
from medet.staff.shared.rules import OPENS
from medet.staff.states import Role
from medet.web.asked import NOBODY
from medet.web.parts.shapes import DeviceMenu, DeviceRow, Pill


def device_menu(request: HttpRequest, user: User, *, now: datetime) -> DeviceMenu:
    """What the reader may do about sharing; nothing of it in a session that a PIN opened, but to lock."""
    kept, roles = getattr(request, "kept", None), getattr(request, "whole", NOBODY).roles
    minutes = policy.whole("device.lock_minutes", now=now) if kept else 0
    if kept and kept.by_pin:
        return DeviceMenu(lock_s=minutes * 60)
    return DeviceMenu(
        lock_s=minutes * 60,
        pin_url=reverse("web:pin") if roles & OPENS else "",
        list_url=reverse("web:devices") if Role.HEAD_OF_CLINIC in roles else "",
        lacks_pin=kept is not None and lacks_pin(user.pk, kept, now=now),
    )


def rows(devices: Iterable[SharedDevice], *, now: datetime) -> list[DeviceRow]:
    """Each with the people whose PIN it knows."""
    return [
        DeviceRow(
            uid=str(device.uid),
            name=device.name,
            made=_("shared by %(who)s, %(when)s")
            % {"who": device.made_by, "when": wording.near(device.made_at, now=now)},
            used=_("used last: %(when)s") % {"when": wording.near(device.used_at, now=now)},
            people=[(str(pin.user), _pill(pin, now=now)) for pin in _by_name(device)],
        )
        for device in devices
    ]


def _by_name(device: SharedDevice) -> list[DevicePin]:
    return sorted(device.pins.all(), key=lambda pin: sort_key(str(pin.user)))


def _pill(pin: DevicePin, *, now: datetime) -> Pill:
    if not may_open(pin, now=now):
        return Pill("grey", "ban", _("opens no more"))
    if pin.locked_at:
        return Pill("red", "lock", _("locked after wrong tries"))
    return Pill("green", "circle-check", _("opens"))
