"""Which shared telephone asks, who may open it, and what a session on it lets through."""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare

from medet.base import policy
from medet.base.actor import Actor
from medet.base.names import sort_key
from medet.staff.actions import secret_hash
from medet.staff.models import DevicePin, SharedDevice, User
from medet.staff.queries import holding_now
from medet.staff.shared.rules import KEPT, OPENS, Kept


def device_of(token: str, *, now: datetime) -> SharedDevice | None:
    """The telephone whose cookie this is."""
    standing = SharedDevice.objects.filter(revoked_at__isnull=True, used_at__gt=now - KEPT)
    return standing.filter(token_sha256=secret_hash(token)).select_related("organisation").first()


def pin_of(device: SharedDevice, user_uid: UUID) -> DevicePin | None:
    """Somebody's PIN at a telephone, whether it opens or not."""
    return DevicePin.objects.filter(device=device, user__uid=user_uid).first()


def may_open(pin: DevicePin, *, now: datetime) -> bool:
    """On staff of the clinic, and with the password under which the PIN was set."""
    user = pin.user
    receives = holding_now(now).filter(user=user, role__in=OPENS, organisation_id=pin.device.organisation_id)
    return user.is_active and constant_time_compare(pin.under, user.get_session_auth_hash()) and receives.exists()


def openers(device: SharedDevice, *, now: datetime) -> list[User]:
    """Who has a PIN here that can open. One that is locked is among them: the list tells a finder nothing of it."""
    rows = DevicePin.objects.filter(device=device).select_related("user", "device")
    return sorted((row.user for row in rows if may_open(row, now=now)), key=lambda user: sort_key(str(user)))


def standing_at(organisation_id: int, *, now: datetime) -> list[SharedDevice]:
    """The shared telephones of an organisation that can be opened."""
    rows = SharedDevice.objects.filter(organisation_id=organisation_id, revoked_at__isnull=True)
    rows = rows.filter(used_at__gt=now - KEPT)
    return list(rows.select_related("made_by").prefetch_related("pins__user", "pins__device").order_by("pk"))


def let_through(actor: Actor, kept: Kept, *, now: datetime) -> Actor | None:
    """Who the reader of a session on a shared telephone is; None when it is over.

    A PIN opens one clinic's desk: what its owner is elsewhere, or besides, is left behind.
    """
    device = SharedDevice.objects.filter(pk=kept.device_id, revoked_at__isnull=True, used_at__gt=now - KEPT).first()
    if device is None or kept.is_idle(policy.whole("device.lock_minutes", now=now), now=now):
        return None
    if not kept.by_pin:
        return actor
    here = actor.narrowed(OPENS).at(device.organisation_id)
    return here if here.held else None


def lacks_pin(user_id: int, kept: Kept, *, now: datetime) -> bool:
    """Whether somebody could have a PIN at this telephone and has none."""
    device = SharedDevice.objects.get(pk=kept.device_id)
    receives = holding_now(now).filter(user_id=user_id, role__in=OPENS, organisation_id=device.organisation_id)
    mine = DevicePin.objects.filter(device=device, user_id=user_id, locked_at__isnull=True)
    return receives.exists() and not mine.exists()
